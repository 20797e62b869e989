// Following pointers through 64 MiB in random order: hardly a load hits a cache or a TLB.
#include "bench.h"

enum { Nodes = 1 << 20, Hops = 1 << 18 };

struct node { struct node *next; uint32_t place; uint8_t padding[52]; };

static struct node *s_nodes;

static uint64_t unit(void)
{
    uint64_t sum = 0;
    const struct node *node = s_nodes;
    for (int i = 0; i < Hops; i++) {
        sum = sum * 3 + node->place;
        node = node->next;
    }
    return bench_mix(sum, node->place);
}

int main(int argc, char **argv)
{
    uint32_t *order = malloc(Nodes * sizeof *order);
    s_nodes = malloc(Nodes * sizeof *s_nodes);
    if (!order || !s_nodes) abort();
    uint64_t random = 13;
    for (uint32_t i = 0; i < Nodes; i++)
        order[i] = i;
    for (uint32_t i = Nodes - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(bench_random(&random) >> 11) % (i + 1), old = order[i];
        order[i] = order[j];
        order[j] = old;
    }
    // one cycle through all nodes, in shuffled order
    for (uint32_t i = 0; i < Nodes; i++) {
        s_nodes[order[i]].next = &s_nodes[order[(i + 1) % Nodes]];
        s_nodes[order[i]].place = order[i];
    }
    free(order);
    return bench_run("chase", unit, 15, UINT64_C(0x31b10e71f0b0c05a), argc, argv);
}
