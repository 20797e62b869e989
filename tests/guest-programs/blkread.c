// Reading the first disk from beginning to end, past the page cache. Its content is not known here, so
// the check is that every pass reads the same.
#include "bench.h"
#include <fcntl.h>
#include <unistd.h>

enum { Chunk = 128 * 1024 };

static int s_disk;
static uint64_t s_buffer[Chunk / 8];

static void drop_cache(void)
{
    int file = open("/proc/sys/vm/drop_caches", O_WRONLY);
    if (file < 0) return;
    if (write(file, "1", 1) != 1) abort();
    close(file);
}

static uint64_t unit(void)
{
    uint64_t sum = 0;
    ssize_t got;
    drop_cache();
    if (lseek(s_disk, 0, SEEK_SET) != 0) abort();
    while ((got = read(s_disk, s_buffer, Chunk)) > 0)
        for (ssize_t i = 0; i < got / 8; i += 8)
            sum = bench_mix(sum, s_buffer[i]);
    return sum | 1;
}

int main(int argc, char **argv)
{
    s_disk = open("/dev/vda", O_RDONLY);
    if (s_disk < 0) {
        puts("blkread skipped: no /dev/vda");
        return 0;
    }
    return bench_run("blkread", unit, 4, BENCH_ANY, argc, argv);
}
