"""Model fields of the directory."""

from typing import Any

from django.db import models

from .names import folded


class FoldedField(models.CharField):
    """Another field's text, folded for comparing and sorting; kept by every save, in bulk too."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Folding can lengthen a text: some signs stand for whole words.
        value = folded(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
