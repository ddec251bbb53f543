#include <ltsmin/pins.h>
