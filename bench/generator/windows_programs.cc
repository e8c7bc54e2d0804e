// SPDX-License-Identifier: Apache-2.0
// size-exempt: table
#include "bench/generator/windows_programs.h"

namespace catena::generator {
namespace {

constexpr std::string_view kMicrosoft = "Microsoft Corporation";

constexpr ProgramStart kEveryday[] = {
    {180, "svchost.exe", "C:\\Windows\\System32\\backgroundTaskHost.exe", "Background Task Host",
     kMicrosoft,
     "\"C:\\Windows\\system32\\backgroundTaskHost.exe\" "
     "-ServerName:App.AppX{hex}.mca"},
    {170, "svchost.exe", "C:\\Windows\\System32\\RuntimeBroker.exe", "Runtime Broker", kMicrosoft,
     "C:\\Windows\\System32\\RuntimeBroker.exe -Embedding"},
    {150, "services.exe", "C:\\Windows\\System32\\svchost.exe", "Host Process for Windows Services",
     kMicrosoft, "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s wuauserv"},
    {60, "services.exe", "C:\\Windows\\System32\\svchost.exe", "Host Process for Windows Services",
     kMicrosoft, "C:\\Windows\\system32\\svchost.exe -k wsappx -p -s ClipSVC"},
    {60, "services.exe", "C:\\Windows\\System32\\svchost.exe", "Host Process for Windows Services",
     kMicrosoft, "C:\\Windows\\System32\\svchost.exe -k LocalSystemNetworkRestricted -p -s PcaSvc"},
    {140, "chrome.exe", "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
     "Google Chrome", "Google LLC",
     "\"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe\" --type=renderer "
     "--lang=en-GB --device-scale-factor=1 --num-raster-threads=4 --renderer-client-id={n} "
     "--time-ticks-at-unix-epoch=-17{n}{n} --launch-time-ticks={n}{n} "
     "--field-trial-handle=1892,i,{n}{n},262144 /prefetch:1"},
    {60, "explorer.exe", "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
     "Google Chrome", "Google LLC",
     "\"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe\" --profile-directory=Default"},
    {110, "msedge.exe", "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
     "Microsoft Edge", kMicrosoft,
     "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --type=utility "
     "--utility-sub-type=network.mojom.NetworkService --lang=en-GB --service-sandbox-type=none "
     "--field-trial-handle=2236,i,{n}{n},262144 --variations-seed-version={n} /prefetch:3"},
    {40, "explorer.exe", "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
     "Microsoft Edge", kMicrosoft,
     "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --no-startup-window"},
    {100, "SearchIndexer.exe", "C:\\Windows\\System32\\SearchProtocolHost.exe",
     "Microsoft Windows Search Protocol Host", kMicrosoft,
     "\"C:\\Windows\\system32\\SearchProtocolHost.exe\" Global\\UsGthrFltPipeMssGthrPipe{n}_ "
     "Global\\UsGthrCtrlFltPipeMssGthrPipe{n} 1 -2147483646 \"Software\\Microsoft\\Windows "
     "Search\" \"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT; MS Search 4.0 Robot)\" "
     "\"C:\\ProgramData\\Microsoft\\Search\\Data\\Temp\\usgthrsvc\" \"DownLevelDaemon\""},
    {90, "SearchIndexer.exe", "C:\\Windows\\System32\\SearchFilterHost.exe",
     "Microsoft Windows Search Filter Host", kMicrosoft,
     "\"C:\\Windows\\system32\\SearchFilterHost.exe\" 0 {n} {n} {n} 8192 {n} {n}"},
    {90, "svchost.exe", "C:\\Windows\\System32\\taskhostw.exe", "Host Process for Windows Tasks",
     kMicrosoft, "taskhostw.exe Install $(Arg0)"},
    {80, "svchost.exe", "C:\\Windows\\System32\\dllhost.exe", "COM Surrogate", kMicrosoft,
     "C:\\Windows\\system32\\DllHost.exe /Processid:{{guid}}"},
    {80, "svchost.exe", "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", "WMI Provider Host",
     kMicrosoft, "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding"},
    {70, "svchost.exe", "C:\\Windows\\System32\\smartscreen.exe", "Windows Defender SmartScreen",
     kMicrosoft, "C:\\Windows\\System32\\smartscreen.exe -Embedding"},
    {50, "explorer.exe", "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE",
     "Microsoft Word", kMicrosoft,
     "\"C:\\Program Files\\Microsoft Office\\Root\\Office16\\WINWORD.EXE\" /n "
     "\"C:\\Users\\{user}\\Documents\\{word} {n}.docx\" /o \"\""},
    {50, "explorer.exe", "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE",
     "Microsoft Excel", kMicrosoft,
     "\"C:\\Program Files\\Microsoft Office\\Root\\Office16\\EXCEL.EXE\" "
     "\"C:\\Users\\{user}\\Documents\\{word}-{n}.xlsx\""},
    {40, "explorer.exe", "C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE",
     "Microsoft Outlook", kMicrosoft,
     "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE\" "},
    {40, "explorer.exe", "C:\\Windows\\System32\\notepad.exe", "Notepad", kMicrosoft,
     "\"C:\\Windows\\system32\\NOTEPAD.EXE\" C:\\Users\\{user}\\Desktop\\{word}.txt"},
    {40, "explorer.exe", "C:\\Users\\{user}\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe",
     "Microsoft Teams", kMicrosoft,
     "\"C:\\Users\\{user}\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe\" "
     "--type=renderer --enable-wer --ms-teams-less-cors={n} --app-user-model-id=com.squirrel "
     "--lang=en-GB --device-scale-factor=1.25 --renderer-client-id={n} /prefetch:1"},
    {40, "explorer.exe", "C:\\Users\\{user}\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe",
     "Visual Studio Code", kMicrosoft,
     "\"C:\\Users\\{user}\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe\" "
     "--type=renderer --user-data-dir=\"C:\\Users\\{user}\\AppData\\Roaming\\Code\" "
     "--standard-schemes=vscode-webview,vscode-file --lang=en-US --renderer-client-id={n}"},
    {40, "Code.exe", "C:\\Program Files\\Git\\cmd\\git.exe", "Git for Windows",
     "The Git Development Community",
     "git -c core.quotepath=false diff --no-color HEAD -- src/{word}/{word}.ts"},
    {40, "git.exe", "C:\\Program Files\\Git\\mingw64\\bin\\git.exe", "Git for Windows",
     "The Git Development Community", "git.exe rev-parse --show-toplevel"},
    {30, "explorer.exe", "C:\\Windows\\System32\\cmd.exe", "Windows Command Processor", kMicrosoft,
     "\"C:\\Windows\\system32\\cmd.exe\" "},
    {30, "cmd.exe", "C:\\Windows\\System32\\conhost.exe", "Console Window Host", kMicrosoft,
     "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1"},
    {20, "cmd.exe", "C:\\Windows\\System32\\ipconfig.exe", "IP Configuration Utility", kMicrosoft,
     "ipconfig  /renew"},
    {20, "cmd.exe", "C:\\Windows\\System32\\findstr.exe", "Find String (QGREP) Utility", kMicrosoft,
     "findstr  /i \"{word}\" C:\\Projects\\{word}\\build.log"},
    {20, "cmd.exe", "C:\\Windows\\System32\\tasklist.exe", "Lists the current running tasks",
     kMicrosoft, "tasklist  /fi \"PID eq {n}\""},
    {20, "explorer.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
     "Windows PowerShell", kMicrosoft,
     "\"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe\" "},
    {30, "svchost.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
     "Windows PowerShell", kMicrosoft,
     "powershell.exe -NoLogo -NonInteractive -File \"C:\\Program Files\\Nordwind "
     "Agent\\scripts\\inventory.ps1\" -Site {n}"},
    {30, "svchost.exe", "C:\\Program Files (x86)\\Google\\GoogleUpdater\\126.0.6462.0\\updater.exe",
     "Google Updater", "Google LLC",
     "\"C:\\Program Files (x86)\\Google\\GoogleUpdater\\126.0.6462.0\\updater.exe\" --wake "
     "--system"},
    {30, "services.exe", "C:\\Windows\\servicing\\TrustedInstaller.exe",
     "Windows Modules Installer", kMicrosoft, "C:\\Windows\\servicing\\TrustedInstaller.exe"},
    {30, "svchost.exe",
     "C:\\Windows\\WinSxS\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.19041.4163_"
     "none_7e1d3a7d7c7d5b9a\\TiWorker.exe",
     "Windows Modules Installer Worker", kMicrosoft,
     "C:\\Windows\\winsxs\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.19041.4163_"
     "none_7e1d3a7d7c7d5b9a\\TiWorker.exe -Embedding"},
    {30, "svchost.exe", "C:\\Windows\\System32\\rundll32.exe", "Windows host process (Rundll32)",
     kMicrosoft,
     "C:\\Windows\\system32\\rundll32.exe C:\\Windows\\system32\\shell32.dll,"
     "OpenAs_RunDLL C:\\Users\\{user}\\Downloads\\{word}.dat"},
    {20, "MsMpEng.exe",
     "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24090.11-0\\MpCmdRun.exe",
     "Microsoft Malware Protection Command Line Utility", kMicrosoft,
     "\"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24090.11-0\\MpCmdRun.exe\" "
     "GetDeviceTicket -AccessKey {guid}"},
    {20, "svchost.exe", "C:\\Windows\\System32\\wuauclt.exe", "Windows Update", kMicrosoft,
     "\"C:\\Windows\\system32\\wuauclt.exe\" /UpdateDeploymentProvider "
     "UpdateDeploymentProvider.dll /ClassId {guid} /RunHandlerComServer"},
    {20, "svchost.exe", "C:\\Windows\\System32\\sppsvc.exe",
     "Microsoft Software Protection Platform", kMicrosoft, "C:\\Windows\\system32\\sppsvc.exe"},
    {20, "explorer.exe", "C:\\Program Files\\7-Zip\\7zFM.exe", "7-Zip File Manager", "Igor Pavlov",
     "\"C:\\Program Files\\7-Zip\\7zFM.exe\" \"C:\\Users\\{user}\\Downloads\\{word}-{n}.zip\""},
    {15, "Code.exe", "C:\\Program Files\\nodejs\\node.exe", "Node.js JavaScript Runtime", "Node.js",
     "\"C:\\Program Files\\nodejs\\node.exe\" --max-old-space-size=3072 "
     "node_modules/typescript/lib/tsserver.js --useInferredProjectPerProjectRoot "
     "--cancellationPipeName "
     "C:\\Users\\{user}\\AppData\\Local\\Temp\\vscode-typescript\\{hex}.tmp"},
    {15, "services.exe", "C:\\Windows\\System32\\msiexec.exe", "Windows installer", kMicrosoft,
     "C:\\Windows\\system32\\msiexec.exe /V"},
    {10, "explorer.exe", "C:\\Windows\\System32\\mmc.exe", "Microsoft Management Console",
     kMicrosoft, "\"C:\\Windows\\system32\\mmc.exe\" \"C:\\Windows\\system32\\eventvwr.msc\" /s"},
    {10, "svchost.exe", "C:\\Windows\\System32\\schtasks.exe", "Task Scheduler Configuration Tool",
     kMicrosoft, "schtasks.exe /run /tn \"\\Nordwind\\Inventory\""},
};

constexpr ProgramStart kAttacks[] = {
    {10, "cmd.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
     "Windows PowerShell", kMicrosoft, "powershell.exe -nop -w hidden -enc {b64}"},
    {8, "cmd.exe", "C:\\Windows\\System32\\whoami.exe", "whoami - displays logged on user",
     kMicrosoft, "whoami  /all"},
    {6, "WINWORD.EXE", "C:\\Windows\\System32\\cmd.exe", "Windows Command Processor", kMicrosoft,
     "cmd.exe /c start /b C:\\Users\\{user}\\{word}.bat"},
    {6, "EXCEL.EXE", "C:\\Windows\\System32\\mshta.exe", "Microsoft (R) HTML Application host",
     kMicrosoft, "mshta.exe C:\\Users\\{user}\\{word}.hta"},
    {3, "cmd.exe", "C:\\Windows\\System32\\vssadmin.exe",
     "Command Line Interface for Microsoft Volume Shadow Copy Service", kMicrosoft,
     "vssadmin  delete shadows /all /quiet"},
    {3, "cmd.exe", "C:\\Users\\{user}\\{word}\\svchost.exe", "-", "-",
     "C:\\Users\\{user}\\{word}\\svchost.exe -k {n}"},
    {3, "cmd.exe", "C:\\Windows\\System32\\wevtutil.exe", "Eventing Command Line Utility",
     kMicrosoft, "wevtutil  cl Security"},
};

constexpr std::string_view kLibraries[] = {
    "C:\\Windows\\System32\\ntdll.dll",
    "C:\\Windows\\System32\\kernel32.dll",
    "C:\\Windows\\System32\\KernelBase.dll",
    "C:\\Windows\\System32\\user32.dll",
    "C:\\Windows\\System32\\gdi32full.dll",
    "C:\\Windows\\System32\\msvcp_win.dll",
    "C:\\Windows\\System32\\combase.dll",
    "C:\\Windows\\System32\\rpcrt4.dll",
    "C:\\Windows\\System32\\sechost.dll",
    "C:\\Windows\\System32\\bcryptprimitives.dll",
    "C:\\Windows\\System32\\ucrtbase.dll",
    "C:\\Windows\\System32\\windows.storage.dll",
    "C:\\Windows\\System32\\shlwapi.dll",
    "C:\\Windows\\System32\\propsys.dll",
    "C:\\Windows\\System32\\clbcatq.dll",
    "C:\\Windows\\System32\\WinTypes.dll",
    "C:\\Windows\\System32\\twinapi.appcore.dll",
    "C:\\Windows\\System32\\CoreMessaging.dll",
    "C:\\Windows\\System32\\dwmapi.dll",
    "C:\\Windows\\System32\\uxtheme.dll",
    "C:\\Windows\\System32\\urlmon.dll",
    "C:\\Windows\\System32\\iertutil.dll",
    "C:\\Windows\\System32\\cryptnet.dll",
    "C:\\Windows\\System32\\mswsock.dll",
    "C:\\Windows\\System32\\dnsapi.dll",
    "C:\\Windows\\System32\\webio.dll",
    "C:\\Program Files\\Microsoft Office\\root\\Office16\\MSO40UIWIN32CLIENT.DLL",
    "C:\\Program Files\\Google\\Chrome\\Application\\126.0.6478.62\\chrome_elf.dll",
    "C:\\Windows\\WinSxS\\amd64_microsoft.windows.common-controls_6595b64144ccf1df_6.0.19041.4355_"
    "none_60b8b9eb71f62e16\\comctl32.dll",
};

constexpr std::string_view kRegistry[] = {
    "HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\S-1-5-18\\SequenceNumber",
    "HKU\\S-1-5-21-1844237615-2139871995-1606980848-"
    "1101\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\MRUListEx",
    "HKU\\.DEFAULT\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\SessionInfo\\{n}"
    "\\ApplicationViewManagement\\W32:{hex}",
    "HKLM\\SOFTWARE\\Microsoft\\Windows "
    "NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{{guid}}\\DynamicInfo",
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Diagnostics\\DiagTrack\\HeartBeats\\Defaul"
    "t\\LastHeartBeatTime",
    "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate\\PinRulesLastError",
    "HKLM\\System\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{{guid}}"
    "\\LeaseObtainedTime",
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Orchestrator\\UScheduler\\{"
    "n}\\startArg",
    "HKLM\\SOFTWARE\\Microsoft\\Windows Search\\Gather\\Windows\\SystemIndex\\LastRunTime",
    "HKCR\\Local "
    "Settings\\Software\\Microsoft\\Windows\\CurrentVersion\\AppModel\\PackageRepository\\Packages"
    "\\App_{n}\\InstallTime",
    "HKU\\S-1-5-21-1844237615-2139871995-1606980848-1102\\Software\\Microsoft\\Office\\16."
    "0\\Common\\Roaming\\Identities\\{hex}_ADAL\\Settings\\{n}\\LastSyncTime",
    "HKLM\\System\\CurrentControlSet\\Control\\DeviceClasses\\{{guid}}\\##?#SWD#MMDEVAPI#{{guid}}"
    "\\#\\Control\\Linked",
};

constexpr std::string_view kDomains[] = {
    "outlook.office365.com",
    "login.microsoftonline.com",
    "settings-win.data.microsoft.com",
    "v10.events.data.microsoft.com",
    "ctldl.windowsupdate.com",
    "www.google.com",
    "clients4.google.com",
    "update.googleapis.com",
    "teams.microsoft.com",
    "SRV-004.nordwind.example",
    "intranet.nordwind.example",
    "wpad.nordwind.example",
    "_ldap._tcp.dc._msdcs.nordwind.example",
    "ocsp.digicert.com",
    "fonts.gstatic.com",
    "cdn{n}.static.example",
    "mail.nordwind.example",
    "ntp.nordwind.example",
};

constexpr std::string_view kFiles[] = {
    "C:\\Users\\{user}\\AppData\\Local\\Google\\Chrome\\User "
    "Data\\Default\\Cache\\Cache_Data\\f_{hex}",
    "C:\\Users\\{user}\\AppData\\Local\\Temp\\{guid}.tmp",
    "C:\\Users\\{user}\\AppData\\Roaming\\Microsoft\\Windows\\Recent\\{word}-{n}.lnk",
    "C:\\Windows\\Prefetch\\SVCHOST.EXE-{hex}.pf",
    "C:\\Windows\\SoftwareDistribution\\Download\\{hex}{hex}\\{guid}.cab",
    "C:\\Users\\{user}\\Documents\\~${word}-{n}.docx",
    "C:\\Windows\\ServiceState\\EventLog\\Data\\lastalive{n}.dat",
    "C:\\Windows\\Logs\\CBS\\CbsPersist_{n}.log",
};

constexpr std::string_view kScripts[] = {
    "Get-CimInstance -ClassName Win32_LogicalDisk | Where-Object DriveType -eq 3 | "
    "Select-Object DeviceID, FreeSpace, Size",
    "$report = @(); foreach ($service in Get-Service) { if ($service.Status -ne 'Running' -and "
    "$service.StartType -eq 'Automatic') { $report += $service.Name } }; "
    "$report | Sort-Object | Out-File -FilePath C:\\ProgramData\\Nordwind\\services-{n}.txt",
    "function Test-Share([string]$Path) { return Test-Path -LiteralPath $Path -PathType Container "
    "}\nTest-Share '\\\\SRV-004\\{word}'",
    "Import-Csv -Path C:\\Projects\\{word}\\{word}.csv -Delimiter ';' | Group-Object -Property "
    "Department | ForEach-Object { '{0}: {1}' -f $_.Name, $_.Count }",
    "Write-Progress -Activity 'Inventory' -Status 'Collecting {word}' -PercentComplete 40",
    "Get-WinEvent -LogName System -MaxEvents 50 | Where-Object LevelDisplayName -eq 'Error' | "
    "Format-Table TimeCreated, Id, ProviderName -AutoSize",
};

}  // namespace

std::span<const ProgramStart> everyday_starts() noexcept { return kEveryday; }
std::span<const ProgramStart> attack_starts() noexcept { return kAttacks; }
std::span<const std::string_view> loaded_libraries() noexcept { return kLibraries; }
std::span<const std::string_view> registry_values() noexcept { return kRegistry; }
std::span<const std::string_view> domain_names() noexcept { return kDomains; }
std::span<const std::string_view> created_files() noexcept { return kFiles; }
std::span<const std::string_view> script_lines() noexcept { return kScripts; }

}  // namespace catena::generator
