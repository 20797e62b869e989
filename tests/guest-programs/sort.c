// Sorting integers in place: quicksort (median of three) and heapsort.
#include "bench.h"

enum { Count = 50000 };

static int32_t s_numbers[Count];

static void swap(int32_t *a, int32_t *b)
{
    int32_t old = *a;
    *a = *b;
    *b = old;
}

static void quicksort(int32_t *first, int32_t *last)
{
    while (last - first > 16) {
        int32_t *middle = first + (last - first) / 2;
        if (*middle < *first) swap(middle, first);
        if (*last < *first) swap(last, first);
        if (*last < *middle) swap(last, middle);
        int32_t pivot = *middle, *i = first, *j = last;
        while (i <= j) {
            while (*i < pivot) i++;
            while (*j > pivot) j--;
            if (i <= j) swap(i++, j--);
        }
        if (j - first < last - i) {
            quicksort(first, j);
            first = i;
        } else {
            quicksort(i, last);
            last = j;
        }
    }
    for (int32_t *i = first + 1; i <= last; i++) {
        int32_t value = *i, *hole = i;
        for (; hole > first && hole[-1] > value; hole--)
            *hole = hole[-1];
        *hole = value;
    }
}

static void sift_down(int32_t *heap, int root, int count)
{
    int32_t value = heap[root];
    for (int child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && heap[child + 1] > heap[child]) child++;
        if (heap[child] <= value) break;
        heap[root] = heap[child];
    }
    heap[root] = value;
}

static void heapsort_numbers(int32_t *heap, int count)
{
    for (int i = count / 2; i-- > 0;)
        sift_down(heap, i, count);
    for (int i = count - 1; i > 0; i--) {
        swap(heap, heap + i);
        sift_down(heap, 0, i);
    }
}

static void fill(uint64_t random)
{
    for (int i = 0; i < Count; i++)
        s_numbers[i] = (int32_t)(bench_random(&random) >> 20);
}

static uint64_t sum_sorted(uint64_t sum)
{
    for (int i = 1; i < Count; i++) {
        if (s_numbers[i - 1] > s_numbers[i]) return 0;
        sum = bench_mix(sum, (uint32_t)s_numbers[i]);
    }
    return sum;
}

static uint64_t unit(void)
{
    fill(7);
    quicksort(s_numbers, s_numbers + Count - 1);
    uint64_t sum = sum_sorted(1);
    fill(11);
    heapsort_numbers(s_numbers, Count);
    return sum_sorted(sum);
}

int main(int argc, char **argv)
{
    return bench_run("sort", unit, 80, UINT64_C(0x44cc03c46498ef3a), argc, argv);
}
