"""Template filter: how a failed video may be tried again."""

from django import template

from cattube.processing.lifecycle.next_try import next_try

register = template.Library()
register.filter("next_try", next_try)
