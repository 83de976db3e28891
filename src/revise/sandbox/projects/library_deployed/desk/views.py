"""Pages for whoever runs the library: what Django sees of a client, and pages that are large or slow."""

import sys
import time

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from .release import NUMBER


def client(request):
    """Say what Django knows of the client."""
    seen = {
        "address": request.META["REMOTE_ADDR"],
        "forwarded": request.headers.get("X-Forwarded-For"),
        "host": request.get_host(),
        "secure": request.is_secure(),
    }
    return JsonResponse(seen)


@csrf_exempt
def covers(request):
    """Take the picture of a cover; say how many bytes it has."""
    return JsonResponse({"bytes": len(request.body)})


def release(request):
    """Say which release answers."""
    return JsonResponse({"release": NUMBER})


def report(request):
    """Count the year's loans, which takes as long as ?seconds= says."""
    print("report: counting", file=sys.stderr, flush=True)
    time.sleep(float(request.GET.get("seconds", "1")))
    return JsonResponse({"release": NUMBER, "loans": 4210})
