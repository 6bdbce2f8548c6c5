<#
.SYNOPSIS
Creates the stanza in the repository and has it checked, on Docker Compose.
.DESCRIPTION
The same as pgbackrest-init.sh. Written without a PowerShell at hand: parsed, never run. A test runs it where there is a PowerShell, and holds that it calls what the .sh calls.
.EXAMPLE
scripts/pgbackrest-init.ps1 -DryRun
#>
param([switch]$DryRun)

$ErrorActionPreference = 'Stop'
if (-not $env:COMPOSE_FILE) { $env:COMPOSE_FILE = Join-Path $PSScriptRoot '../deploy/compose/compose.yaml' }
$options = @()
if ($DryRun) { $options += '--dry-run' }
docker compose exec --no-TTY runner holdfast-runner init @options
exit $LASTEXITCODE
