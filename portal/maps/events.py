"""What happens to a layer of the map."""

from portal.core.events import EventKind, Subject, declare

EVENTS = declare(
    ("layer", "map_print"),
    {
        "layer.created": EventKind("地図の層をつくりました", keys=("key", "kind")),
        "layer.described": EventKind("地図の層の説明を変えました", keys=("key", "changed", "visible_to")),
        "layer.styled": EventKind("地図の層の見た目を変えました", keys=("key", "by")),
        "layer.imported": EventKind(
            "地図の層にファイルを取り込みました",
            keys=("key", "version", "added", "changed", "removed", "refused"),
        ),
        "layer.import_canceled": EventKind("地図の層へのファイルの取り込みをやめました", keys=("key",)),
        "layer.edited": EventKind(
            "地図の層を編集して、新しい版にしました", keys=("key", "version", "added", "changed", "removed")
        ),
        "layer.draft_discarded": EventKind("地図の層の編集を捨てました", keys=("key", "steps")),
        "layer.draft_expired": EventKind("地図の層の編集が、続きがないまま日がたって消えました", keys=("key", "steps")),
        "layer.exported": EventKind("地図の層をファイルにしました", keys=("key", "version", "kind", "features")),
        "layer.restored": EventKind(
            "地図の層を前の版にもどしました", keys=("key", "version", "restored", "added", "changed", "removed")
        ),
        "layer.public_use_set": EventKind(
            "地図の層の、住民の地図での使いかたを変えました", keys=("key", "need", "hidden")
        ),
        "layer.tolerance_set": EventKind("境界の確かさを変えました", keys=("metres",)),
        "map_print.ordered": EventKind("地図の印刷を頼みました", keys=("scale", "layers", "places")),
        "map_print.fetched": EventKind("印刷した地図を受け取りました"),
        "layer.retired": EventKind("地図の層の使用をやめました", keys=("key", "version")),
        "layer.reused": EventKind("地図の層をまた使うことにしました", keys=("key", "version")),
    },
)


def of_layer(layer_id: int) -> Subject:
    """A layer as the subject of an event."""
    return Subject("layer", layer_id)
