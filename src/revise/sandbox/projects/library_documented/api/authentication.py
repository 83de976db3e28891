"""Who asks: the key of a library card, in the header X-Card-Key."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from .models import CardKey


class CardKeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        sent = request.headers.get("X-Card-Key")
        if sent is None:
            return None
        found = CardKey.objects.select_related("member__user").filter(key=sent).first()
        if found is None:
            raise AuthenticationFailed("No card has this key.")
        return found.member.user, found

    def authenticate_header(self, request):
        return "Card-Key"
