"""What the board shows; still empty."""

from django.http import JsonResponse


def arrivals(request):
    return JsonResponse({"books": []})


def book(request, pk):
    return JsonResponse({"id": pk})


def most_viewed(request):
    return JsonResponse({"books": []})
