"""What the provider says about a user, beside the number of the account."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class LibraryClaims(OAuth2Validator):
    """A name for whoever asks with the scope ``profile``; the base class knows which scope a claim needs."""

    def get_additional_claims(self):
        return {
            "preferred_username": lambda request: request.user.get_username(),
            "name": lambda request: request.user.get_full_name(),
        }
