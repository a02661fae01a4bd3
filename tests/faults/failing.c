/* A disk that fails where a test wants it to: loaded before libc, it counts what a process does to the files of one
 * folder and fails, kills or tears the operation of a given number. Nothing outside the folder is touched.
 *
 * faults_begin(folder, kind, at, lasting): count from 1; the operation of number `at` fails, and every later one too if
 * `lasting`. faults_end(): nothing fails any more. faults_seen(): operations since faults_begin. faults_plug(): a disk
 * that was pulled out is there again, but what was open before stays dead. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NONE, KILL, TORN, IO_ERROR, DISK_FULL, READ_ONLY, SHORT, PULLED };
enum { READS, WRITES, MAKES, SYNCS };
enum { DESCRIPTORS = 4096 };

static char place[4096];
static size_t length;
static int kind, lasting, gone, era = 1;
static long at, seen;
static int born[DESCRIPTORS];

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

void faults_begin(const char *folder, int what, long number, int lasts) {
    strncpy(place, folder, sizeof place - 1);
    length = strlen(place);
    at = number; lasting = lasts; seen = 0; gone = 0; kind = what;
}
void faults_end(void) { kind = NONE; gone = 0; at = 0; }
void faults_plug(void) { kind = NONE; gone = 0; era++; }
long faults_seen(void) { return seen; }

static int below(const char *path) {
    return length && path && !strncmp(path, place, length) && (path[length] == '/' || !path[length]);
}
static int ours(int fd) { return fd >= 0 && fd < DESCRIPTORS && born[fd]; }
static int dead(int fd) { return ours(fd) && (gone || born[fd] != era); }

/* 0: do it. -1: fail with errno. 1: do half of it. */
static int fails(int doing) {
    seen++;
    int now = at && (lasting ? seen >= at : seen == at);
    if (!now) return 0;
    switch (kind) {
    case KILL: kill(getpid(), SIGKILL); pause(); return -1;
    case TORN: if (doing == WRITES) return 1; kill(getpid(), SIGKILL); pause(); return -1;
    case IO_ERROR: errno = EIO; return -1;
    case DISK_FULL: if (doing == READS || doing == SYNCS) return 0; errno = ENOSPC; return -1;
    case READ_ONLY: if (doing == READS || doing == SYNCS) return 0; errno = EROFS; return -1;
    case SHORT: return doing == WRITES;
    case PULLED: gone = 1; errno = EIO; return -1;
    default: return 0;
    }
}
static void torn(void) { if (kind == TORN) { kill(getpid(), SIGKILL); pause(); } }
static int missing(const char *path) { if (gone && below(path)) { errno = ENOENT; return 1; } return 0; }

static int opened(const char *path, int flags, int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) born[fd] = below(path) && !(flags & O_DIRECTORY) ? era : 0;
    return fd;
}
static int no_open(const char *path, int flags) {
    if (!below(path)) return 0;
    if (missing(path)) return 1;
    int makes = flags & O_CREAT && kind == DISK_FULL ? access(path, F_OK) != 0 : flags & (O_CREAT | O_WRONLY | O_RDWR);
    return fails(makes ? MAKES : READS) != 0 || missing(path);
}
#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list a; va_start(a, flags); mode = va_arg(a, mode_t); va_end(a); }

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...); MODE(flags)
    return no_open(path, flags) ? -1 : opened(path, flags, real(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...); MODE(flags)
    return no_open(path, flags) ? -1 : opened(path, flags, real(path, flags, mode));
}
int openat(int from, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...); MODE(flags)
    return no_open(path, flags) ? -1 : opened(path, flags, real(from, path, flags, mode));
}
int openat64(int from, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, ...); MODE(flags)
    return no_open(path, flags) ? -1 : opened(path, flags, real(from, path, flags, mode));
}
int close(int fd) {
    REAL(int, "close", int);
    if (fd >= 0 && fd < DESCRIPTORS) born[fd] = 0;
    return real(fd);
}

#define DEAD(fd) if (dead(fd)) { errno = EIO; return -1; }
#define READING(fd) if (ours(fd)) { DEAD(fd) if (fails(READS) < 0) return -1; }
#define WRITING(fd, count) int half = 0; if (ours(fd)) { DEAD(fd) half = fails(WRITES); if (half < 0) return -1; if (half && count > 1) count /= 2; }

ssize_t read(int fd, void *to, size_t count) { REAL(ssize_t, "read", int, void *, size_t); READING(fd) return real(fd, to, count); }
ssize_t pread(int fd, void *to, size_t count, off_t from) { REAL(ssize_t, "pread", int, void *, size_t, off_t); READING(fd) return real(fd, to, count, from); }
ssize_t pread64(int fd, void *to, size_t count, off64_t from) { REAL(ssize_t, "pread64", int, void *, size_t, off64_t); READING(fd) return real(fd, to, count, from); }
ssize_t write(int fd, const void *what, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    WRITING(fd, count)
    ssize_t done = real(fd, what, count);
    if (half) torn();
    return done;
}
ssize_t pwrite(int fd, const void *what, size_t count, off_t to) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    WRITING(fd, count)
    ssize_t done = real(fd, what, count, to);
    if (half) torn();
    return done;
}
ssize_t pwrite64(int fd, const void *what, size_t count, off64_t to) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    WRITING(fd, count)
    ssize_t done = real(fd, what, count, to);
    if (half) torn();
    return done;
}
#define SYNCING(fd) if (ours(fd)) { DEAD(fd) if (fails(SYNCS) < 0) return -1; }
int fsync(int fd) { REAL(int, "fsync", int); SYNCING(fd) return real(fd); }
int fdatasync(int fd) { REAL(int, "fdatasync", int); SYNCING(fd) return real(fd); }
#define CUTTING(fd) if (ours(fd)) { DEAD(fd) if (fails(MAKES) < 0) return -1; }
int ftruncate(int fd, off_t size) { REAL(int, "ftruncate", int, off_t); CUTTING(fd) return real(fd, size); }
int ftruncate64(int fd, off64_t size) { REAL(int, "ftruncate64", int, off64_t); CUTTING(fd) return real(fd, size); }

/* Names can be changed and taken away on a full disk, not on a read-only one. */
static int no_change(const char *path) {
    if (!below(path)) return 0;
    return missing(path) || fails(kind == DISK_FULL ? READS : MAKES) < 0;
}
int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    return no_change(below(from) ? from : to) ? -1 : real(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    return no_change(below(from) ? from : to) ? -1 : real(a, from, b, to);
}
int unlink(const char *path) { REAL(int, "unlink", const char *); return no_change(path) ? -1 : real(path); }
int unlinkat(int from, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    return no_change(path) ? -1 : real(from, path, flags);
}

/* Looking at names is not counted; a disk that was pulled out has none. */
#define LOOK(name, buffer) int name(const char *path, struct buffer *to) { REAL(int, #name, const char *, struct buffer *); return missing(path) ? -1 : real(path, to); }
LOOK(stat, stat) LOOK(stat64, stat64) LOOK(lstat, stat) LOOK(lstat64, stat64)
#define LOOK_AT(name, buffer) int name(int from, const char *path, struct buffer *to, int flags) { REAL(int, #name, int, const char *, struct buffer *, int); return missing(path) ? -1 : real(from, path, to, flags); }
LOOK_AT(fstatat, stat) LOOK_AT(fstatat64, stat64)
#define OLD_LOOK(name, buffer) int name(int v, const char *path, struct buffer *to) { REAL(int, #name, int, const char *, struct buffer *); return missing(path) ? -1 : real(v, path, to); }
OLD_LOOK(__xstat, stat) OLD_LOOK(__xstat64, stat64) OLD_LOOK(__lxstat, stat) OLD_LOOK(__lxstat64, stat64)
int access(const char *path, int mode) { REAL(int, "access", const char *, int); return missing(path) ? -1 : real(path, mode); }
int mkdir(const char *path, mode_t mode) { REAL(int, "mkdir", const char *, mode_t); return no_change(path) ? -1 : real(path, mode); }
DIR *opendir(const char *path) { REAL(DIR *, "opendir", const char *); return missing(path) ? NULL : real(path); }
