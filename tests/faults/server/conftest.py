"""The same venue as in the journeys (tests/journeys/venue), under faults."""

from tests.journeys.venue.conftest import exam_day, exam_time, forms, kit, template, world

__all__ = ["exam_day", "exam_time", "forms", "kit", "template", "world"]
