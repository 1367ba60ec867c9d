"""Points everything that refers to one row at another, whichever app it stands in.

A merge must carry activities along, and this app may not import the apps above it; Django's own
register of foreign keys knows them all the same.
"""

from django.db.models import (
    Exists,
    F,
    ForeignKey,
    ForeignObjectRel,
    Model,
    OuterRef,
    Q,
    TextField,
    UniqueConstraint,
    Value,
)
from django.db.models.functions import Cast, Coalesce


def move_references(gone: Model, kept: Model) -> int:
    """Move every row that points at `gone` to `kept` and return how many moved.

    A row whose twin already points at `kept` (the same activity on both of two merged contacts)
    is deleted: it would break a unique constraint, and says nothing that the twin does not.
    """
    moved = 0
    for relation in gone._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey):
            moved += _move(relation.field, gone, kept)
    return moved


def _move(field: ForeignKey[Model, Model], gone: Model, kept: Model) -> int:
    rows = field.model._default_manager.filter(**{field.name: gone})
    for constraint in field.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields:
            rows.filter(_has_twin(constraint, field, kept)).delete()
    return rows.update(**{field.name: kept})


def _has_twin(constraint: UniqueConstraint, field: ForeignKey[Model, Model], kept: Model) -> Q:
    condition = constraint.condition or Q()
    twins = field.model._default_manager.filter(condition, **{field.name: kept})
    for name in constraint.fields:
        if name != field.name:
            twins = twins.alias(**{f"same_{name}": _comparable(F(name))}).filter(
                **{f"same_{name}": _comparable(OuterRef(name))}
            )
    return condition & Q(Exists(twins))


def _comparable(column: F) -> Coalesce:
    # Two empty columns count as equal, because a constraint may say NULLS NOT DISTINCT.
    return Coalesce(Cast(column, TextField()), Value("", output_field=TextField()))
