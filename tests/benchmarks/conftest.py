"""What stands in `content` is measured, not collected."""

collect_ignore = ["content"]
