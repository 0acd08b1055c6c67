"""Addresses of distribution sets, software modules and their types."""

from django.urls import URLPattern, path

import api.hawkbit.path_numbers  # noqa: F401 - the converter "number"
from api.hawkbit.views import (
    repository_files,
    repository_metadata,
    repository_modules,
    repository_sets,
    repository_targets,
    repository_types,
)

MODULE_TYPE, SET_TYPE = (
    "softwaremoduletypes/<number:type_id>",
    "distributionsettypes/<number:type_id>",
)
MODULE, SET = "softwaremodules/<number:module_id>", "distributionsets/<number:set_id>"
FILE = f"{MODULE}/artifacts/<number:file_id>"
MODULE_METADATA = "softwaremodules/<number:number>/metadata"
SET_METADATA = "distributionsets/<number:number>/metadata"

types = repository_types
files = repository_files
sets = repository_sets
metadata = repository_metadata
targets = repository_targets

# The last part of each name, behind "hawkbit-".
ROUTES = [
    ("softwaremoduletypes", types.ModuleTypes, "module-types"),
    (MODULE_TYPE, types.OneModuleType, "module-type"),
    ("distributionsettypes", types.SetTypes, "set-types"),
    (SET_TYPE, types.OneSetType, "set-type"),
    (f"{SET_TYPE}/mandatorymoduletypes", types.PartTypes, "mandatory-module-types"),
    (
        f"{SET_TYPE}/mandatorymoduletypes/<number:part_id>",
        types.OnePartType,
        "mandatory-module-type",
    ),
    (f"{SET_TYPE}/optionalmoduletypes", types.OptionalPartTypes, "optional-module-types"),
    (
        f"{SET_TYPE}/optionalmoduletypes/<number:part_id>",
        types.OneOptionalPartType,
        "optional-module-type",
    ),
    ("softwaremodules", repository_modules.Modules, "modules"),
    (MODULE, repository_modules.OneModule, "module"),
    (MODULE_METADATA, metadata.ModuleMetadata, "module-metadata"),
    (f"{MODULE_METADATA}/<str:key>", metadata.ModuleMetadataEntry, "module-metadata-entry"),
    (f"{MODULE}/artifacts", files.Files, "module-files"),
    (FILE, files.OneFile, "module-file"),
    (f"{FILE}/download", files.Download, "module-file-download"),
    ("distributionsets", sets.Sets, "sets"),
    (SET, sets.OneSet, "set"),
    (f"{SET}/assignedSM", sets.Modules, "set-modules"),
    (f"{SET}/assignedSM/<number:module_id>", sets.OneAssignedModule, "set-module"),
    (f"{SET}/invalidate", sets.Invalidation, "set-invalidate"),
    (SET_METADATA, metadata.SetMetadata, "set-metadata"),
    (f"{SET_METADATA}/<str:key>", metadata.SetMetadataEntry, "set-metadata-entry"),
    (f"{SET}/installedTargets", targets.InstalledTargets, "set-installed-targets"),
    (f"{SET}/autoAssignTargetFilters", targets.AutoAssignFilters, "set-filters"),
    (f"{SET}/statistics", targets.Statistics, "set-statistics"),
    (f"{SET}/statistics/rollouts", targets.RolloutStatistics, "set-statistics-rollouts"),
    (f"{SET}/statistics/actions", targets.ActionStatistics, "set-statistics-actions"),
    (
        f"{SET}/statistics/autoassignments",
        targets.AutoAssignmentStatistics,
        "set-statistics-auto-assignments",
    ),
]

urlpatterns: list[URLPattern] = [
    path(address, view.as_view(), name=f"hawkbit-{name}") for address, view, name in ROUTES
]
