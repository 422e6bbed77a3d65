# Completion of kiraform for PowerShell 5.1 and later. Nothing that is typed is evaluated:
# the words are those of the syntax tree, and are handed over as they stand in it.

Register-ArgumentCompleter -Native -CommandName kiraform -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # Before 7.3, PowerShell drops empty arguments and takes quotation marks out of others.
    $version = $PSVersionTable.PSVersion
    $old = $version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 3) -or "$PSNativeCommandArgumentPassing" -eq 'Legacy'

    # The words up to the cursor. PowerShell takes -target=kira_user.maria apart at the
    # dot, so parts that touch are one word.
    $words = @()
    $end = -1
    foreach ($element in $commandAst.CommandElements) {
        $from = $element.Extent.StartOffset
        if ($from -ge $cursorPosition) { break }
        $text = $element.Extent.Text
        if ($element.Extent.EndOffset -gt $cursorPosition) {
            $text = $text.Substring(0, $cursorPosition - $from)
        } elseif ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $text = $element.Value
        }
        if ($from -eq $end) { $words[-1] += $text } else { $words += $text }
        $end = $element.Extent.EndOffset
    }
    if ($end -lt $cursorPosition) { $words += '' }
    if ($words.Count -lt 2) { return }
    if ($old) { $words = @($words | ForEach-Object { $_.Replace('\"', '"') }) }
    $words[-1] = $words[-1] -replace '^["'']', ''

    $arguments = @($words | Select-Object -Skip 1)
    if ($old) {
        $arguments = @($arguments | ForEach-Object { if ($_ -eq '') { '""' } else { $_.Replace('"', '\"') } })
    }
    try { $answer = @(& $words[0] '__complete' @arguments 2>$null) } catch { return }
    if ($answer.Count -eq 0 -or $answer[-1] -notmatch '^:(\d+)$') { return }
    $directive = [int]$Matches[1]
    if ($directive -band 25) { return } # an error, or files and folders, which PowerShell proposes itself

    # The value of a flag is proposed without its name. A part of the word that PowerShell
    # does not replace is not inserted again.
    $typed = $words[-1]
    $name = ''
    if ($typed -match '^-[^=]*=') { $name = $Matches[0] }
    $kept = ''
    $replaced = $wordToComplete -replace '^["'']', ''
    if ($typed.EndsWith($replaced, [System.StringComparison]::Ordinal)) { $kept = $typed.Substring(0, $typed.Length - $replaced.Length) }

    $results = @()
    foreach ($line in ($answer | Select-Object -SkipLast 1)) {
        $value, $remark = $line -split "`t", 2
        $word = $name + $value
        if ($value -eq '' -or -not $word.StartsWith($typed, [System.StringComparison]::Ordinal)) { continue }
        $text = $word.Substring($kept.Length)
        if ($old) { $text = $text.Replace('"', '\"') }
        if ($kept -eq '' -and ($text -notmatch '^[\w./:=+-]+$' -or $text -match '^-.*\.')) {
            $text = "'" + $text.Replace("'", "''") + "'"
        }
        $kind = if ($word.StartsWith('-') -and $name -eq '') { 'ParameterName' } else { 'ParameterValue' }
        if (-not $remark) { $remark = $value }
        $results += [System.Management.Automation.CompletionResult]::new($text, $value, $kind, $remark)
    }
    if ($results.Count -gt 0) { return $results }
    if ($directive -band 4) { return '' } # else PowerShell proposes files
}
