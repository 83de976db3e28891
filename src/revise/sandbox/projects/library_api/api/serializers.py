"""How the library's data looks to other programs."""

from rest_framework import serializers
