"""Trainings in an order in which a pack can be loaded: those that others show in their bodies come first."""

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
    """The numbers of the trainings that one shows in its body or report."""
    return [
        block.value["page"].pk
        for stream in (training.body, training.report)
        for block in stream
        if block.block_type == "training" and block.value["page"]
    ]
