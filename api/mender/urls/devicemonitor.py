"""What monitors on devices raise."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
