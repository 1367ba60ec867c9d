"""How a page carries out what a person asked for, and says why it was refused."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, QueryDict

from accounts.toast import tell, warn
from contacts.forms import DirectoryForm
from contacts.problems import DirectoryProblem, NotThere


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, or None while it is only being shown."""
    return request.POST if request.method == "POST" else None


def carried_out(form: DirectoryForm, act: Callable[[], object]) -> bool:
    """Do it and return True; put a refusal into the form. What is absent answers 404."""
    try:
        act()
    except NotThere as absent:
        raise Http404 from absent
    except DirectoryProblem as problem:
        form.refuse(problem)
        return False
    return True


def told(request: HttpRequest, act: Callable[[], object], sentence: str) -> None:
    """Do it and say so in a toast, or say there why it was refused (somebody else was faster).

    A row that the address names and that is absent answers 404, whoever's it may be.
    """
    try:
        act()
    except DirectoryProblem as problem:
        if isinstance(problem, NotThere) and not problem.field:
            raise Http404 from problem
        warn(request, problem.sentence)
    else:
        tell(request, sentence)
