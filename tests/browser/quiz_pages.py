"""What a learner does on the pages of a quiz, whatever the questions are: their order is drawn by chance."""

from playwright.sync_api import Page, expect


def open_choice(page: Page, quiz: str) -> str:
    """Open a question of the quiz (an address) that has choices and no answer; return its address."""
    for number in range(1, 100):
        address = f"{quiz}?question={number}"
        page.goto(address)
        if page.locator(".choice input").count():
            return address
    raise AssertionError(f"{quiz} has no open question with choices.")


def fill_in(page: Page) -> None:
    """Fill in the question that is shown, by whatever native controls it has."""
    if page.locator(".choice").count():
        page.locator(".choice label").first.click()
    for select in page.locator(".matches select").all():
        select.select_option(index=1)
    for field in page.locator("fieldset input[type=text], fieldset textarea").all():
        field.fill("73451")


def answer_all(page: Page) -> None:
    """Answer every question, one after the other, as long as there is one."""
    while page.locator("[data-answer]").count():
        fill_in(page)
        page.locator("[data-answer]").click()
        expect(page.locator("[data-result]")).to_be_visible()
        if page.locator("[data-next]").count() == 0:
            page.get_by_role("button", name="Show the answer").click()
        page.locator("[data-next]").click()
        expect(page.locator("[data-result]")).to_have_count(0)
