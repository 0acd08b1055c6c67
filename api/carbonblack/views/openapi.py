"""The dialect's document of itself, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from api.carbonblack.openapi.document import document


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=3600)
def show_document(request: HttpRequest) -> HttpResponse:
    return HttpResponse(document(), content_type="application/json")
