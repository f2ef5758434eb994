/**
 * Runs in fresh namespaces, in the scratch folder, as the first process of its pid namespace: when it ends, the
 * kernel ends all others. Values come as environment (STRATA_…), as `$@` (the command line that drops rights
 * and runs the step; none: only try the mounts) and in files; none is ever part of the text.
 *
 * Channels: 3 is what Strata says (a line, then the bytes of the secrets), 2 what the script reports, the named
 * pipes `out` and `err` are the step's. They are pipes, not Node's sockets, because a step may open
 * /dev/stdout, which a socket refuses.
 *
 * The root of the image is moved over the root of the host, not just chrooted into: a process that escapes
 * from a chroot then still finds the image. The shell stays on the host's side of it, so its programs are
 * still the host's.
 */
export const STEP_SCRIPT = `
umask 022
read -r pid rest </proc/self/stat
"$STRATA_MKFIFO" -m 0666 out err || exit 125
echo "strata: ready $pid" >&2
IFS= read -r go <&3 || exit 125
if [ $# -gt 0 ]; then exec 5>out 6>err; fi
if [ -n "$STRATA_SECRETS" ]; then
  "$STRATA_MOUNT" -n -t tmpfs -o mode=0755,nosuid,nodev,noexec strata secrets || exit 125
  for secret in $STRATA_SECRETS; do
    IFS=: read -r name length mode owner group <<END
$secret
END
    "$STRATA_HEAD" -c "$length" <&3 >"secrets/$name" || exit 125
    "$STRATA_CHOWN" "$owner:$group" "secrets/$name" || exit 125
    "$STRATA_CHMOD" "$mode" "secrets/$name" || exit 125
  done
fi
passes=
until "$STRATA_MOUNT" -n -a -T fstab 2>/dev/null; do
  # Places that a layer hides or that lie in what another line mounts: make them, then mount what is left.
  passes=x$passes
  if [ "$passes" = xxxxxx ]; then "$STRATA_MOUNT" -n -a -T fstab; exit 125; fi
  while IFS=' ' read -r kind place; do
    [ -e "$place" ] && continue
    if [ "$kind" = folder ]; then "$STRATA_MKDIR" -p "$place"
    else "$STRATA_MKDIR" -p "\${place%/*}" && : >"$place"; fi || exit 125
  done <places
done
[ -d "merged/$STRATA_CWD" ] || "$STRATA_MKDIR" -p "merged/$STRATA_CWD"
if [ -n "$STRATA_HOSTNAME" ]; then
  { echo "$STRATA_HOSTNAME" >/proc/sys/kernel/hostname; } 2>/dev/null ||
    { [ -n "$STRATA_SET_HOSTNAME" ] && "$STRATA_SET_HOSTNAME" "$STRATA_HOSTNAME"; }
fi
if [ -n "$STRATA_LOOPBACK" ]; then "$STRATA_LOOPBACK" link set lo up; fi
cd merged || exit 125
"$STRATA_MOUNT" -n --move . / || exit 125
echo "strata: mounted" >&2
[ $# -gt 0 ] || exit 0
( exec "$@" >&5 2>&6 3<&- 5>&- 6>&- )
echo "strata: exit $?" >&2
`;
