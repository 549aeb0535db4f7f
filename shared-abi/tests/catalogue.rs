//! The generated constants, held against the catalogue they come from.

use parakit_abi::requirement::{ALL, Observability, RequirementId, Side, Strength, id};

#[test]
fn every_row_is_a_constant() {
    let mut reader = csv::Reader::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/requirements.csv")).unwrap();
    let rows: Vec<std::collections::HashMap<String, String>> = reader.deserialize().map(|r| r.unwrap()).collect();
    assert_eq!(rows.len(), ALL.len());
    for (row, ours) in rows.iter().zip(ALL) {
        assert_eq!(row["id"], ours.id);
        assert_eq!(row["area"], ours.area);
        assert_eq!(row["section"], ours.section);
        assert_eq!(row["paraphrase"], ours.text);
        assert_eq!(row["strength"], ours.strength.name());
        assert_eq!(row["side"], format!("{:?}", ours.side).to_lowercase());
        assert_eq!(row["kit_scope"] == "yes", ours.kit_scope);
        let seen = match ours.observability {
            Observability::Unclassified => String::new(),
            other => format!("{other:?}").to_lowercase(),
        };
        assert_eq!(row["observability"], seen);
    }
}

#[test]
fn ids_are_unique_and_found_again() {
    for requirement in RequirementId::all() {
        assert_eq!(RequirementId::parse(requirement.get().id), Some(requirement));
    }
    assert_eq!(RequirementId::parse("CORE-DRV-STATUS-999"), None);
    let kick = id::VQ_SPLIT_DRV_KICK_1.get();
    assert_eq!((kick.side, kick.strength), (Side::Driver, Strength::Must));
    assert!(kick.strength.is_must() && kick.kit_scope);
}
