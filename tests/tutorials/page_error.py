"""What goes wrong on a page."""


class PageError(AssertionError):
    """A page that does not do what it says, or cannot be followed.

    Attributes:
        line: The line of the page.
        problem: What is wrong there.
    """

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem
