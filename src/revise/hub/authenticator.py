"""Names and passwords of a hub that stands alone, without a school's directory."""

from nativeauthenticator import NativeAuthenticator

KEPT = ("/login", "/change-password")


class ClassroomAuthenticator(NativeAuthenticator):
    """NativeAuthenticator without signing up: accounts come from `revise hub enrol`.

    Its pages to sign up and to authorise go, and with them their danger: they act on a plain GET, so a
    picture in a submitted notebook could authorise somebody, or lock its teacher out.
    """

    def get_handlers(self, app):
        return [handler for handler in super().get_handlers(app) if handler[0].startswith(KEPT)]
