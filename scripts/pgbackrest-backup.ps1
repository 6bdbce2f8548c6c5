<#
.SYNOPSIS
Asks for a backup on Docker Compose and waits for it.
.DESCRIPTION
The same as pgbackrest-backup.sh. Written without a PowerShell at hand: parsed, never run. A test runs it where there is a PowerShell, and holds that it calls what the .sh calls.
.EXAMPLE
scripts/pgbackrest-backup.ps1 -BackupType full
.EXAMPLE
scripts/pgbackrest-backup.ps1 -BackupType diff --wait=proven
#>
param(
    [Parameter(Mandatory = $true, Position = 0)][ValidateSet('full', 'diff', 'incr')][string]$BackupType,
    [Parameter(ValueFromRemainingArguments = $true)][string[]]$Options
)

$ErrorActionPreference = 'Stop'
if (-not $env:COMPOSE_FILE) { $env:COMPOSE_FILE = Join-Path $PSScriptRoot '../deploy/compose/compose.yaml' }
if (-not $Options) { $Options = @('--wait') }
$stanza = if ($env:HOLDFAST_STANZA) { $env:HOLDFAST_STANZA } else { 'mcpgov' }
docker compose run --rm --no-TTY cli backup $stanza --type $BackupType @Options
exit $LASTEXITCODE
