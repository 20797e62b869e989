namespace Emulation.Storage.Tests;

public sealed class IndexSetTests
{
    [Test]
    public void Random_changes_leave_what_a_sorted_set_holds()
    {
        var random = new Random(5);
        var set = new IndexSet();
        var expected = new SortedSet<int>();
        for (int i = 0; i < 5000; i++)
        {
            int index = random.Next(random.Next(4) == 0 ? 3000 : 200);
            if (random.Next(3) == 0)
            {
                set.Remove(index);
                expected.Remove(index);
            }
            else
            {
                set.Add(index);
                expected.Add(index);
            }

            if (i == 2500)
            {
                set.Clear();
                expected.Clear();
            }

            set.Count.Should().Be(expected.Count);
            if (i % 50 == 0)
                All().Should().Equal(expected);
        }

        IEnumerable<int> All()
        {
            for (int i = set.Next(0); i >= 0; i = set.Next(i + 1))
                yield return i;
        }
    }
}
