"""What is known of findings, anatomy, measurements, guidelines and codes, with the source of every statement."""

from .asking import Asked, Question, questions, understood
from .linking import Link, link, nearest
from .store import Answer, graph, query

__all__ = ["Answer", "Asked", "Link", "Question", "graph", "link", "nearest", "query", "questions", "understood"]
