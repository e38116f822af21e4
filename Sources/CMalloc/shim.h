#pragma once
#include <malloc.h> /* mallopt, which is not in Swift's Glibc. */
