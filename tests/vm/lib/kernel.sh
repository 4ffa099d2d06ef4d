# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# kernel.sh - finds the stock kernel a machine boots: an installed one, one
# that was unpacked into the cache, or one fetched as a package.  Nothing is
# ever installed.  Needs common.sh.
#
# shellcheck disable=SC2034,SC2154 # set and read across sourced files
#
# kernel_find sets:
kernel_release=	# what uname -r says in the machine
kernel_image=	# vmlinuz
kernel_modules=	# the directory that holds kernel/ and modules.dep
kernel_tree=	# root of an unpacked package, empty for an installed kernel

kernel_default=6.12

# kernel_own SPEC: is it a configuration of tests/kernel?
kernel_own() {
	[[ $1 != base && $1 =~ ^[a-z]+$ && -f $vm_repo/tests/kernel/$1.config ]]
}

# kernel_find SPEC: SPEC is a version prefix ("6.12", "7.3"), a configuration
# of tests/kernel, built when it is not in the cache, or a directory that holds
# vmlinuz and lib/modules/RELEASE (a kernel built by hand).
kernel_find() {
	local spec=$1 tree

	if kernel_own "$spec"; then
		tree=$("$vm_repo/tests/kernel/build" "$spec") ||
			die "the $spec kernel could not be built"
		kernel_from_tree "$tree"
		return
	fi
	if [[ $spec == */* ]]; then
		kernel_from_tree "$(realpath -e -- "$spec")"
		return
	fi
	[[ $spec =~ ^[0-9]+\.[0-9]+[0-9a-z.+-]*$ ]] ||
		die "--kernel wants a version such as 6.12, debug, kcsan, iommufd, or a directory"
	# Modules of ours load only into the kernel whose headers are installed.
	spec=$(kernel_headers "$spec")
	kernel_installed "$spec" || kernel_unpacked "$spec" ||
		kernel_fetch "$spec"
	[[ -n $kernel_release ]] || die "no kernel $spec found"
}

# kernel_headers SPEC: the newest release of that version with headers, or SPEC.
kernel_headers() {
	local release

	for release in $(kernel_releases "$1" /usr/src/linux-headers-*-amd64); do
		printf '%s\n' "$release"
		return
	done
	printf '%s\n' "$1"
}

# Newest first; flavours other than the plain one are not stock for us.
kernel_releases() {
	local spec=$1
	shift
	printf '%s\n' "$@" | sed -E 's/.*\/(vmlinuz|kernel|linux-headers)-//' |
		grep -E "^${spec//[.+]/\\&}([.+-]|$)" | grep -vE -- '-(cloud|rt)-' |
		sort -rV || true
}

kernel_installed() {
	local release

	for release in $(kernel_releases "$1" /boot/vmlinuz-*); do
		[[ -r /boot/vmlinuz-$release &&
			-d /lib/modules/$release/kernel ]] || continue
		kernel_release=$release
		kernel_image=/boot/vmlinuz-$release
		kernel_modules=/lib/modules/$release
		return
	done
	return 1
}

kernel_unpacked() {
	local release

	for release in $(kernel_releases "$1" "$vm_cache"/vm/kernel-*); do
		kernel_from_tree "$vm_cache/vm/kernel-$release"
		return
	done
	return 1
}

kernel_from_tree() {
	local tree=$1 dir

	for dir in "$tree"/usr/lib/modules/* "$tree"/lib/modules/*; do
		[[ -d $dir/kernel ]] || continue
		kernel_tree=$tree
		kernel_modules=$dir
		kernel_release=$(basename "$dir")
	done
	[[ -n $kernel_release ]] || die "no modules in $tree"
	for kernel_image in "$tree/vmlinuz" "$tree/bzImage" \
		"$tree/arch/x86/boot/bzImage"; do
		[[ -r $kernel_image ]] && return
	done
	die "no vmlinuz in $tree"
}

# The archive that apt is configured for; no name of a host stands here.
kernel_archive() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ {
			print $3; exit }'
}

# kernel_newest VERSION: of the packages named on standard input the newest
# image of that version, with the plain flavour.  Debian 12's own kernels have
# their ABI's number where those of later suites have the version's last part.
kernel_newest() {
	local spec=${1%-amd64}

	grep -E "^linux-image-${spec//[.+]/\\&}([.+-].*)?-amd64$" |
		grep -E '^linux-image-[0-9]+\.[0-9]+\.[0-9]+' |
		grep -vE -- '-(cloud|rt)-amd64$' | sort -V | tail -n 1
}

# kernel_fetch VERSION: a package of this suite, else of the next one's
# backports.  Only with a private list and private state: the system's own
# apt configuration stays as it is.
kernel_fetch() {
	local spec=$1 work archive release status=0

	archive=$(kernel_archive)
	[[ -n $archive ]] ||
		die "apt knows no Debian archive: run apt-get update, or install linux-image-$spec-amd64"
	mkdir -p "$vm_cache/vm"
	work=$(mktemp -d "$vm_cache/vm/.fetch.XXXXXX")
	say "fetching kernel $spec"
	(kernel_download "$spec" "$archive" "$work") >&2 || status=1
	if ((!status)); then
		release=$(cat "$work/release")
		mv -T -- "$work/tree" "$vm_cache/vm/kernel-$release" 2>/dev/null ||
			[[ -d $vm_cache/vm/kernel-$release ]] || status=1
	fi
	((!status)) || tail -n 5 "$work/log" >&2
	rm -rf -- "$work"
	((!status)) || die "could not fetch a kernel $spec"
	kernel_from_tree "$vm_cache/vm/kernel-$release"
}

# kernel_apt ARCHIVE WORK: go to WORK, and set the array apt to options for
# package lists of our own there.  For a subshell.
kernel_apt() {
	local archive=$1 work=$2 suite
	local by='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'

	cd "$work" || return 1
	mkdir -p lists/partial debs unpacked
	# apt's unprivileged user reads and writes here.
	chmod -R a+rwX .
	for suite in "$(. /etc/os-release && echo "$VERSION_CODENAME")" \
		trixie-backports; do
		echo "deb $by $archive $suite main"
	done > sources.list
	[[ $archive =~ /debian/?$ ]] && echo "deb $by ${archive%/}-security/ \
$(. /etc/os-release && echo "$VERSION_CODENAME")-security main" >> sources.list
	apt=(-o "Dir::Etc::SourceList=$work/sources.list"
		-o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$work/lists"
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
		-o Debug::NoLocking=1 -o APT::Sandbox::User=root)
	apt-get "${apt[@]}" -q update > log 2>&1
}

# kernel_unpack PACKAGE..: into the directory unpacked.
kernel_unpack() {
	local deb

	(cd debs && apt-get "${apt[@]}" -q download "$@") >> log 2>&1 ||
		return 1
	for deb in debs/*.deb; do
		dpkg-deb -x "$deb" unpacked || return 1
	done
}

# Runs in a subshell.
kernel_download() {
	local spec=$1 package release apt

	kernel_apt "$2" "$3" || return 1
	package=$(apt-cache "${apt[@]}" pkgnames linux-image- |
		kernel_newest "$spec") || return 1
	release=${package#linux-image-}
	say "  $package"
	# From some version on the image is split; the parts carry its release.
	mapfile -t parts < <(apt-cache "${apt[@]}" pkgnames linux- |
		grep -xE "linux-(image|binary|modules)-${release//[.+]/\\&}")
	kernel_unpack "${parts[@]}" || return 1
	kernel_tidy "$release" >> log 2>&1
}

# Whatever the package's layout, the cache has one: vmlinuz and usr/lib/modules.
kernel_tidy() {
	local release=$1 image modules

	modules=$(find unpacked -type d -path "*lib/modules/$release" -print -quit)
	image=$(find unpacked -type f -name 'vmlinuz*' -print -quit)
	[[ -n $modules && -n $image ]] || return 1
	mkdir -p tree/usr/lib/modules
	mv "$image" tree/vmlinuz
	mv "$modules" tree/usr/lib/modules/
	rm -f "tree/usr/lib/modules/$release"/{build,source}
	# depmod -b wants to find lib/, which the machine has as a link.
	depmod -b tree/usr "$release" 2>/dev/null ||
		(ln -s usr/lib tree/lib && depmod -b tree "$release" &&
			rm tree/lib) || return 1
	chmod -R a+rX tree
	echo "$release" > release
}

# kernel_elf: print a path of the kernel as an ELF file.  QEMU enters it by its
# PVH note, and the guest is spared unpacking it, which takes seconds under
# emulation.  Prints vmlinuz itself where that cannot be done.
kernel_elf() {
	local dir

	if [[ ${kernel_image##*/} != vmlinu* ]] ||
		! dir=$(cached elf "$(stamp_of "$kernel_image")" extract_elf) ||
		[[ ! -e $dir/vmlinux ]]; then
		printf '%s\n' "$kernel_image"
		return
	fi
	printf '%s\n' "$dir/vmlinux"
}

# instrumented FILE: a kernel with KASAN or KCSAN, which dies at the PVH entry:
# its checks are called before there is what they look into.
instrumented() {
	grep -qaE 'kasan_multi_shot|kcsan[.]early_enable' -- "$1"
}

# image_field OFFSET SIZE: a little endian number of the image's setup header.
image_field() {
	od -An "-tu$2" -j "$1" -N "$2" -- "$kernel_image" | tr -d ' '
}

# Documentation/arch/x86/boot.rst: setup_sects 0x1f1, payload_offset 0x248 and
# payload_length 0x24c.  Four bytes of size follow the compressed data, but for
# gzip, whose last four bytes are the size.
extract_elf() {
	local dir=$1 sects offset length magic size=4
	local -a unpack

	sects=$(image_field $((0x1f1)) 1)
	offset=$(image_field $((0x248)) 4)
	length=$(image_field $((0x24c)) 4)
	offset=$(((sects + 1) * 512 + offset))
	magic=$(od -An -tx1 -j "$offset" -N 4 -- "$kernel_image" | tr -d ' ')
	case $magic in
	28b52ffd) unpack=(zstd -dc) ;;
	fd377a58) unpack=(xz -dc --single-stream) ;;
	1f8b*) unpack=(gzip -dc) size=0 ;;
	02214c18) unpack=(lz4 -dc) ;;
	*) return 1 ;;
	esac
	# head ends first, and that is no failure of tail's.
	head -c "$((offset + length - size))" -- "$kernel_image" |
		tail -c "$((length - size))" | "${unpack[@]}" > "$dir/vmlinux" ||
		return 1
	[[ $(head -c 4 "$dir/vmlinux" | od -An -tx1 | tr -d ' ') == 7f454c46 ]] ||
		return 1
	! instrumented "$dir/vmlinux" || rm -- "$dir/vmlinux"
}
