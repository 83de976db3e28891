"""``%revise``: the map of the notebook's section, where the learner is."""

from revise.errors import ReviseError
from revise.progress.instant import InstantMarks
from revise.progress.notebook import course_of, is_run_by_hand, notebook_of


class MapMagic:
    """The line magic of one shell."""

    name = "revise"

    def __init__(self, marks: InstantMarks):
        self.marks = marks

    def show(self, line: str = "") -> None:
        """Show how the concepts of this notebook's section stand, from the checks you have run.

        %revise        the section of this notebook
        %revise 04     another section, by its number or name
        %revise all    the whole course

        In a run that nobody watches (nbclient, nbgrader, nbval) it shows nothing.
        """
        if not is_run_by_hand(self.marks.shell):
            return
        self.marks.settle()
        try:
            bundle = self._bundle(line.strip())
        except ReviseError as error:
            print(f"revise: {error}")  # not raised: a map is no reason for a red cell
        else:
            self.marks.shell.display_pub.publish(bundle)

    def _bundle(self, asked: str) -> dict[str, str]:
        # Here, since most notebooks never ask.
        from revise.progress import attempts, page, survey, terminal

        course = course_of(notebook_of(self.marks.shell))
        name = asked or (self.marks.checks.section if self.marks.checks else "")
        sections = course.sections if name in ("", "all") else (course.section(name),)
        tried = attempts.attempts()
        surveys = [survey.survey_section(section, tried) for section in sections]
        return {"text/plain": terminal.plain(surveys), "text/html": page.fragment(surveys)}
