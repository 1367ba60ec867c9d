"""What the small script of Unassigned asks for instead of a whole page (`part`).

`part=pane` is the preview of one row, `part=answer` the short answer to an act that the page has
shown already: the toast with its way back and the counts, or the sentence that refuses it.
"""

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.problems import AlreadyDone, NotThere, RecordProblem
from contacts.problems import DirectoryProblem

STATUS: dict[type[Exception], int] = {NotThere: 404, AlreadyDone: 409}


def wants_answer(request: HttpRequest) -> bool:
    """Whether an act is to be answered in short, since its page stays as it is."""
    return request.method == "POST" and request.POST.get("part") == "answer"


def answer(request: HttpRequest) -> HttpResponse:
    """What was done, as the toast that `tell` left, with the counts of the queues."""
    return render(request, "activities/_answer.html", {"messages": get_messages(request)})


def refusal(
    request: HttpRequest, problem: RecordProblem | DirectoryProblem, status: int = 422
) -> HttpResponse:
    """Why nothing was changed: 404, 409 where somebody was quicker, 422 otherwise."""
    status = STATUS.get(type(problem), status)
    context = {"problem": problem.sentence, "field": problem.field}
    return render(request, "activities/_refusal.html", context, status=status)
