"""The exit statuses of ``check`` for the files of the corpus."""

# Hostile files whose config is in order: what is wrong with their weights is seen where these are asked for.
WEIGHTS = (
    *("weights_are_text.keras", "weights_deflated_text.keras", "weights_bomb.keras", "weights_longer.keras"),
    *("weights_checksum.keras", "weights_checksum_deflated.keras", "soft_link.h5", "circle.h5"),
    *("external_link.h5", "external_link.weights.h5"),
    *("external_link.keras", "external_link_deflated.keras", "external_data.h5", "virtual.h5", "virtual.keras"),
    *("root_in_root.h5", "billion_paths.h5", "declares_much.h5", "declares_overflowing.h5", "many_links.h5"),
    "bad_weights",
)
# The exit statuses of hostile files that are not 2: of paths that lead to no file, and of folders whose config is none
# of Keras's, which are skipped.
STATUSES = {
    **dict.fromkeys(("missing.keras", "null\0.keras", "empty"), 4),
    "folder_without_class": 0,
}
