"""Forms of a page, filled in and sent as a browser without scripts does it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.web.conftest import Visitor

Attributes = dict[str, str]


@dataclass
class Control:
    """One field or button of a form."""

    name: str
    value: str
    kind: str  # hidden, radio, checkbox, text, textarea, select, button
    id: str = ""
    label: str = ""
    is_on: bool = True
    options: list[tuple[str, str]] = field(default_factory=list)  # of a select: value and text


@dataclass
class Form:
    """A form as it stands on the page."""

    action: str
    controls: list[Control] = field(default_factory=list)

    def choose(self, *labels: str) -> "Form":
        """Choose the radio buttons or check boxes with these labels, and no other of their group."""
        found = [each for each in self.controls if each.kind in ("radio", "checkbox")]
        wanted = [each for each in found if each.label in labels and each.kind != "disabled"]
        assert len(wanted) >= len(labels), (labels, [each.label for each in found])
        for control in found:
            if any(control.name == each.name for each in wanted):
                control.is_on = control in wanted
        return self

    def write(self, text: str, place: int = 0) -> "Form":
        """Write into the text field at this place."""
        typed = [
            each for each in self.controls if each.kind in ("text", "textarea") and "answer." in each.name
        ]
        typed[place].value = text
        return self

    def select(self, label: str, text: str) -> "Form":
        """Choose the option with this text in the select with this label."""
        (control,) = (each for each in self.controls if each.kind == "select" and each.label == label)
        control.value = next(value for value, shown in control.options if shown == text)
        return self

    def buttons(self, name: str) -> list[Control]:
        """The buttons with this name, in the order of the page; the hidden default one is left out."""
        found = [each for each in self.controls if each.kind == "button" and each.name == name]
        return [each for each in found if each.id != "hidden"]

    def fields(self, button: Control | None) -> dict[str, list[str]]:
        """What is sent when this button is pressed."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            if control.is_on and control.kind != "button" and control.name:
                sent.setdefault(control.name, []).append(control.value)
        if button and button.name:
            sent.setdefault(button.name, []).append(button.value)
        return sent

    def press(self, visitor: Visitor, name: str, place: int = 0) -> TestResponse:
        """Press the button with this name; return the answer, followed where it leads elsewhere."""
        return self.send(visitor, self.buttons(name)[place] if name else None)

    def send(self, visitor: Visitor, button: Control | None) -> TestResponse:
        """Send the form and follow where it leads."""
        fields = {name: values for name, values in self.fields(button).items() if name != "csrf"}
        sent = visitor.post(self.action, **fields)
        return visitor.get(sent.headers["Location"]) if sent.status_code == 303 else sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.labels: dict[str, str] = {}
        self._open = False
        self._text: list[str] | None = None  # what is read: a label, an option or a text area
        self._what: Attributes = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
            self._open = True
        elif tag == "label":
            self._text, self._what = [], given
        elif self._open:
            self._control(tag, given)

    def _control(self, tag: str, given: Attributes) -> None:
        kind = {"input": given.get("type", "text")}.get(tag, tag)
        if tag in ("input", "textarea", "select", "button"):
            is_on = kind not in ("radio", "checkbox") or "checked" in given
            name = "" if "disabled" in given else given.get("name", "")
            id_ = "hidden" if tag == "button" and "hidden" in given else given.get("id", "")
            control = Control(name, given.get("value", ""), kind, id_, "", is_on)
            self.forms[-1].controls.append(control)
        if tag in ("textarea", "option"):
            self._text, self._what = [], given

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        if self._text is None or tag not in ("label", "option", "textarea"):
            return
        text = "".join(self._text)
        words = " ".join(text.split())
        last = self.forms[-1].controls[-1] if self._open and self.forms[-1].controls else None
        if tag == "label":
            field_id = self._what.get("for", "")
            # In front of a choice stands its letter, which no screen reader says.
            self.labels[field_id] = words[1:] if field_id.startswith("choice-") else words
        elif tag == "textarea" and last:
            last.value = text.removeprefix("\n")
        elif last:
            last.options.append((self._what.get("value", ""), words))
            if "selected" in self._what or len(last.options) == 1:
                last.value = self._what.get("value", "")
        self._text = None


def forms_of(page: str) -> list[Form]:
    """Read the forms of a page."""
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        for control in form.controls:
            control.label = reader.labels.get(control.id, "")
    return reader.forms


def question_form(page: str, place: int = 0) -> Form:
    """Read the form that holds questions; on a lesson there are several."""
    found = [each for each in forms_of(page) if each.action.endswith("/answers")]
    return found[place]
