from django.db import migrations

from imp_wagtail.core import roles

PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
FILE_PERMISSIONS = {"wagtailimages": "image", "wagtaildocs": "document"}


def grant(apps, schema_editor):
    roles.grant(apps, roles.EDITORS, "imp_trainings", {"trainer": ["add", "change", "delete", "view"]})
    editors = apps.get_model("auth", "Group").objects.get(name=roles.EDITORS)
    grant_pages(apps, editors)
    grant_files(apps, editors)


def grant_pages(apps, group):
    """Announcing a training includes publishing it, wherever the site keeps its pages."""
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    for codename in PAGE_PERMISSIONS if root else ():
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group, page=root, permission=roles.permission(apps, "wagtailcore", "page", codename)
        )


def grant_files(apps, group):
    root = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    for app_label, model in FILE_PERMISSIONS.items() if root else ():
        for action in ("add", "change", "choose"):
            apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
                group=group,
                collection=root,
                permission=roles.permission(apps, app_label, model, f"{action}_{model}"),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("imp_trainings", "0001_initial"),
        ("imp_pathways", "0002_roles"),
        ("wagtailcore", "0094_alter_page_locale"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
