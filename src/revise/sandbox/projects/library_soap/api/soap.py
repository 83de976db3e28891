"""The library's SOAP service: one operation, GetCopies."""

import time
from pathlib import Path
from xml.sax.saxutils import escape

from catalog.models import Book
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from .envelopes import LIBRARY, answer, fault, read

WSDL = Path(__file__).with_name("library.wsdl")
ADDRESS = "http://library.example/soap/"


@csrf_exempt
def soap(request):
    if request.method == "GET":
        text = WSDL.read_text().replace(ADDRESS, request.build_absolute_uri(request.path))
        return HttpResponse(text, content_type="text/xml; charset=utf-8")
    try:
        call = read(request.body)
    except ValueError as error:
        return fault("Client", str(error))
    if call.tag != f"{{{LIBRARY}}}GetCopies":
        return fault("Client", "unknown operation")
    return get_copies(call.findtext(f"{{{LIBRARY}}}isbn", ""))


def get_copies(isbn):
    if isbn == "rebuild":  # so that a client can be tried against a fault of the server's
        return fault("Server", "the catalogue is being rebuilt")
    if isbn == "slow":  # and against a service that takes longer than anybody waits
        time.sleep(5)
    book = Book.objects.filter(isbn=isbn).first()
    if book is None:
        detail = f'<lib:NoSuchBook xmlns:lib="{LIBRARY}"><lib:isbn>{escape(isbn)}</lib:isbn></lib:NoSuchBook>'
        return fault("Client", "no such book", detail)
    return answer("GetCopiesResponse", title=book.title, copies=book.copies)
