"""What is wrong in a form of a page that is the same for everybody, by the field it stands at."""

from __future__ import annotations

from collections.abc import Sequence


class FormProblems:
    """For a form that holds `problems`: the field's name and the words. Templates ask for `<field>_problem`."""

    __slots__ = ()
    problems: Sequence[tuple[str, str]]

    def problem_of(self, name: str) -> str:
        return " ".join(words for field_name, words in self.problems if field_name == name)

    @property
    def name_problem(self) -> str:
        return self.problem_of("name")

    @property
    def email_problem(self) -> str:
        return self.problem_of("email")

    @property
    def text_problem(self) -> str:
        return self.problem_of("text")
