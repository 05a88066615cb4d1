"""Trainings in an order in which a pack can be loaded: those that others show or link to with a block come first."""

from ..models import TrainingPage


def in_order(trainings: list[TrainingPage]) -> list[TrainingPage]:
    """The order given, with each training moved in front of the first that shows it."""
    known = {training.pk: training for training in trainings}
    order: list[TrainingPage] = []
    begun: set[int] = set()

    def place(training: TrainingPage) -> None:
        if training.pk in begun:
            return
        begun.add(training.pk)
        for shown in shown_in(training):
            if shown in known:
                place(known[shown])
        order.append(training)

    for training in trainings:
        place(training)
    return order


def shown_in(training: TrainingPage) -> list[int]:
    """The numbers of the pages that one shows in its body or report, or to which a link of its own line leads."""
    return [
        block.value["page"].pk
        for stream in (training.body, training.report)
        for block in stream
        if block.block_type in ("training", "link") and block.value["page"]
    ]
