#pragma once
#include <libpq-fe.h>

/* Swift does not import character-literal macros; give it integers. */
enum {
    CLIBPQ_DIAG_SQLSTATE = PG_DIAG_SQLSTATE,
    CLIBPQ_DIAG_MESSAGE_PRIMARY = PG_DIAG_MESSAGE_PRIMARY,
    CLIBPQ_DIAG_CONSTRAINT_NAME = PG_DIAG_CONSTRAINT_NAME,
};

/* glibc shows these only to C with _GNU_SOURCE; starting the private server needs them. */
#include <spawn.h>
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
int memfd_create(const char *, unsigned int);
enum { CLIBPQ_MFD_CLOEXEC = 1 };
