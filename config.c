#include "config.h"
typedef int kuji_config_nothing_t;
