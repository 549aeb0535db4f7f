use alloc::boxed::Box;

use super::*;

#[test]
fn ending_every_request_looks_at_each_slot_about_once() {
    const SIZE: u16 = if cfg!(miri) { 256 } else { 32768 };
    let slots: Box<[RequestSlot<u16>]> = (0..SIZE).map(|_| RequestSlot::default()).collect();
    let mut table = Table::new(slots, SIZE);
    while table.claim(Fetcher::Holder).is_some() {}
    assert_eq!(table.flying(), SIZE);
    // One that ended by itself leaves a gap.
    table.finish(SIZE / 2, RequestId::index).settle();
    for ended in 1..SIZE {
        let index = table.any_flying().unwrap();
        table.finish(index, RequestId::index).settle();
        assert_eq!(table.flying(), SIZE - 1 - ended);
    }
    assert_eq!(table.any_flying(), None);
    // Each is looked at when it is found, and again when the search goes on from there.
    assert!(table.looks <= 2 * usize::from(SIZE), "{} looks", table.looks);
}

#[test]
fn a_request_before_the_place_of_the_search_is_found() {
    let slots: Box<[RequestSlot<u16>]> = (0..4).map(|_| RequestSlot::default()).collect();
    let mut table = Table::new(slots, 4);
    let ids: [RequestId; 4] = core::array::from_fn(|_| table.claim(Fetcher::Poll).unwrap());
    for id in ids {
        assert_eq!(table.any_flying(), Some(id.index()));
        table.finish(id.index(), RequestId::index).settle();
    }
    assert_eq!(table.next_finished().map(|(index, _)| index), Some(0));
    let again = table.claim(Fetcher::Poll).unwrap();
    assert_eq!((again.index(), table.any_flying()), (0, Some(0)));
}
