"""Choosing a question or a trainer in a page's form, or making one on the spot."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Locale
from wagtail.snippets.views.chooser import SnippetChooserViewSet, SnippetCreateView

from .models import Question, Trainer
from .question_forms import BeginsWithText


class InALanguage(forms.ModelForm):
    """On a site of several languages, also the one that the new record is in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locales = Locale.objects.all()
        if len(locales) > 1:
            self.fields["locale"] = forms.ModelChoiceField(
                locales, initial=Locale.get_default(), empty_label=None, label=_("Language")
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("locale"):
            self.instance.locale = cleaned["locale"]
        return cleaned


class NewQuestionForm(InALanguage, BeginsWithText):
    """A question and its answer."""

    class Meta:
        model = Question
        fields = ["question", "answer"]


class NewTrainerForm(InALanguage):
    """A trainer, as far as a training's page can do with; the photo can follow."""

    class Meta:
        model = Trainer
        fields = ["name", "biography"]


class NewQuestionView(SnippetCreateView):
    """Takes the form, and chooses what it made."""

    @transaction.atomic
    def save_form(self, form: NewQuestionForm) -> Question:
        """Save the question: published by whoever may publish, as a draft by anybody else."""
        user = self.request.user
        question = form.save(commit=False)
        question.live = False
        question.save()
        log(question, "wagtail.create", user=user, content_changed=True)
        revision = question.save_revision(user=user)
        if self.get_permission_policy().user_has_permission(user, "publish"):
            revision.publish(user=user)
        return question


class MakingChooserViewSet(SnippetChooserViewSet):
    """A dialogue with a second tab, in which what is not there yet is made."""

    create_action_label = _("Create and choose")
    create_action_clicked_label = _("Creating…")


class QuestionChooserViewSet(MakingChooserViewSet):
    """The dialogue in which a question is chosen, with a second tab to make one."""

    create_view_class = NewQuestionView
    creation_form_class = NewQuestionForm
    creation_tab_label = _("New question")

    def get_object_list(self) -> QuerySet[Question]:
        """With what the status of each is told from."""
        return Question.objects.with_status()


class NewTrainerView(SnippetCreateView):
    """Takes the form, and chooses whom it made."""

    @transaction.atomic
    def save_form(self, form: NewTrainerForm) -> Trainer:
        trainer = form.save()
        log(trainer, "wagtail.create", user=self.request.user, content_changed=True)
        return trainer


class TrainerChooserViewSet(MakingChooserViewSet):
    """The dialogue in which a trainer is chosen, with a second tab to make one."""

    create_view_class = NewTrainerView
    creation_form_class = NewTrainerForm
    creation_tab_label = _("New trainer")
