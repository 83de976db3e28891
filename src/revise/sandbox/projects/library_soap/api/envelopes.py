"""SOAP 1.1 envelopes, read and written."""

from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring
from django.http import HttpResponse

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
LIBRARY = "urn:library"


def read(body):
    """Return the element inside the envelope's Body; raise ValueError when there is none."""
    try:
        envelope = fromstring(body)
    except SyntaxError as error:  # what the parser raises for text that is no XML
        raise ValueError(f"not XML: {error}") from error
    content = envelope.find(f"{{{SOAP}}}Body")
    if content is None or not len(content):
        raise ValueError("not a SOAP envelope")
    return content[0]


def answer(name, **values):
    """Return a response whose Body holds the element ``name`` with a child for each value."""
    children = "".join(
        f"<lib:{key}>{escape(str(value))}</lib:{key}>" for key, value in values.items()
    )
    return _response(f'<lib:{name} xmlns:lib="{LIBRARY}">{children}</lib:{name}>', 200)


def fault(code, text, detail=""):
    """Return a Fault: ``code`` is Client or Server. SOAP 1.1 over HTTP sends it with the status 500."""
    detail = f"<detail>{detail}</detail>" if detail else ""
    code = f"<faultcode>soap:{code}</faultcode>"
    return _response(
        f"<soap:Fault>{code}<faultstring>{escape(text)}</faultstring>{detail}</soap:Fault>", 500
    )


def _response(content, status):
    text = f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>{content}</soap:Body></soap:Envelope>'
    return HttpResponse(text, status=status, content_type="text/xml; charset=utf-8")
