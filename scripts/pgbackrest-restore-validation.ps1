<#
.SYNOPSIS
Restores the newest backup into a throwaway container, to the end of the archive, and checks it.
.DESCRIPTION
The same as pgbackrest-restore-validation.sh. Written without a PowerShell at hand: parsed, never run. A test runs it where there is a PowerShell, and holds that it calls what the .sh calls.
.EXAMPLE
scripts/pgbackrest-restore-validation.ps1
#>
param([Parameter(ValueFromRemainingArguments = $true)][string[]]$Options)

$ErrorActionPreference = 'Stop'
if (-not $env:COMPOSE_FILE) { $env:COMPOSE_FILE = Join-Path $PSScriptRoot '../deploy/compose/compose.yaml' }
if (-not $Options) { $Options = @('--latest', '--wait') }
$stanza = if ($env:HOLDFAST_STANZA) { $env:HOLDFAST_STANZA } else { 'mcpgov' }
docker compose run --rm --no-TTY cli prove $stanza @Options
exit $LASTEXITCODE
