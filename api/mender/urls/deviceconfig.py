"""How devices are configured."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
