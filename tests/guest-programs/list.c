// Linked lists and small heap blocks: build, reverse, merge sort, thin out, free.
#include "bench.h"

enum { Nodes = 10000 };

struct node {
    struct node *next;
    uint32_t key;
    uint16_t tag, uses;
};

static struct node *build(uint64_t random)
{
    struct node *head = NULL;
    for (int i = 0; i < Nodes; i++) {
        struct node *node = malloc(sizeof *node + (i % 3) * 16);
        if (!node) abort();
        *node = (struct node){ head, (uint32_t)bench_random(&random), (uint16_t)i, 0 };
        head = node;
    }
    return head;
}

static struct node *reverse(struct node *list)
{
    struct node *reversed = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static struct node *merge(struct node *a, struct node *b)
{
    struct node *merged = NULL, **tail = &merged;
    while (a && b) {
        struct node **smaller = a->key <= b->key ? &a : &b;
        *tail = *smaller;
        (*smaller)->uses++;
        tail = &(*tail)->next;
        *smaller = *tail;
    }
    *tail = a ? a : b;
    return merged;
}

static struct node *merge_sort(struct node *list)
{
    if (!list || !list->next) return list;
    struct node *slow = list, *fast = list->next;
    while (fast && fast->next) {
        slow = slow->next;
        fast = fast->next->next;
    }
    struct node *second = slow->next;
    slow->next = NULL;
    return merge(merge_sort(list), merge_sort(second));
}

static uint64_t unit(void)
{
    struct node *list = merge_sort(reverse(build(3)));
    int place = 0;
    for (struct node **link = &list; *link;) {
        struct node *node = *link;
        if (place++ % 3 == 0) {
            *link = node->next;
            free(node);
        } else {
            link = &node->next;
        }
    }
    uint64_t sum = 0;
    while (list) {
        struct node *node = list;
        sum = bench_mix(sum, node->key + (uint64_t)node->tag * node->uses);
        list = node->next;
        free(node);
    }
    return sum;
}

int main(int argc, char **argv)
{
    return bench_run("list", unit, 30, UINT64_C(0x52299aa8d9133478), argc, argv);
}
