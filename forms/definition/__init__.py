"""The grammar of a procedure definition, and reading one from YAML or JSON with exact diagnostics.

Submodules are imported by name; the package itself imports nothing, so that field types can use `definition.places`.
"""
