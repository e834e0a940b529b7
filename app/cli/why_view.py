"""What a failed run looks like, in the terminal."""

from app.cli.screen import Screen
from app.learning.why import Why


def show_why(screen: Screen, found: Why) -> None:
    """Write how sure it is, then the stories."""
    screen.gap()
    screen.say(("What might this be?", "strong"))
    if found.probe:
        screen.say(found.probe, indent=2)
    if found.probe and found.lead:
        screen.gap()
    if found.lead:
        screen.say((found.lead, "quiet"), indent=2)
    for story in found.stories:
        screen.gap()
        screen.say(story.replace("`", ""), indent=2)
