"""Where every address leads that nobody knows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.v1.problems import problem


@method_decorator(csrf_exempt, name="dispatch")
class Nothing(View):
    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        return problem("not_found", "There is no such address.")
