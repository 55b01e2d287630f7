"""The one blueprint of the residents' pages."""

from flask import Blueprint

bp = Blueprint("residents", __name__)
