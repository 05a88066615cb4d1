from .pages import PathwayPage, PathwayPageMixin
from .pathways import Pathway, Requirement, Stage

__all__ = ["Pathway", "PathwayPage", "PathwayPageMixin", "Requirement", "Stage"]
