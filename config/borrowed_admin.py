"""Texts of the admin site's own packages that speak no Chinese, said again here so that our catalogues keep them."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

TEXTS = [
    _("Select record"),
    _("Select action"),
    _("Date"),
    _("Time"),
    _("Select value"),
    _("Select action to run"),
    _("Add row"),
    _("Type to search"),
    _("Run the selected action"),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your "
        "account doesn't have permission to delete the following types of objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related "
        "objects:"
    ),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related '
        "items will be deleted:"
    ),
    _("Nothing matched your search"),
    _("Image preview"),
    _("Click to download"),
    _("System"),
    _("Return to site"),
    _("True"),
    _("False"),
    _("Available shortcuts"),
    _("Global shortcuts"),
    _("Open command tool"),
    _("Open shortcuts list"),
    _("Toggle sidebar"),
    _("Toggle dark/light mode"),
    _("Changelist shortcuts"),
    _("Toggle filter"),
    _("Create new record"),
    _("Command tool shortcuts"),
    _("Navigate"),
    _("Open selection"),
    _("Open selection in new tab"),
    _("No results found"),
    _("This page yielded into no results."),
    _("Reset filters"),
    _("Search apps and models..."),
    _("All applications"),
    _("Select"),
    _("General"),
    _("Apply Filters"),
    _("Go back"),
    _("Recent searches"),
    _("Record picture"),
    _("This item will be deleted."),
    _("Click to cancel"),
    _("No data"),
    _("Choose file to upload"),
    _("Toggle password visibility"),
    _("Value"),
    _("To"),
    _("Date from"),
    _("Date to"),
    _("Not enough data."),
    _("Select format"),
    _("This exporter will export the following fields"),
    _("%(exc_name)s encountered while trying to read file. Ensure you have chosen the correct format for the file."),
    _("No valid data to import. Ensure your file has the correct headers or data for import."),
    _("Value could not be parsed."),
    _("Resource"),
    _("Select all"),
    _("View traceback"),
    ngettext_lazy(
        '\n            Found <span class="font-medium text-important">%(counter)s</span> result in %(time)s seconds\n        ',
        '\n            Found <span class="font-medium text-important">%(counter)s</span> results in %(time)s seconds\n        ',
        1,
    ),
]
