//! The service catalogue: a tree of every duty that a client and its provider divide between them.
//!
//! Ids are dotted (`patching.exceptions`). Each node covers an interval of *leaves*, numbered depth first, so that
//! a row on `patching` is one range. Every inner node ends in a leaf `<id>.other`, and the whole tree in a leaf
//! `other`, so a duty that nobody named still has a place and the leaves cover everything.

mod assemble;
mod entry;
mod frameworks;
mod markdown;
mod search;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize, Serializer};

pub use assemble::{ExtendError, MAX_DEPTH, MAX_ID_LENGTH, MAX_NODES};
pub use entry::{Arrangement, NewNode, Owner, Owners};
pub use frameworks::{CSF_SUBCATEGORIES, ITIL_PRACTICES};
pub use search::{Found, How};

/// The last part of the id of every implicit leaf, and the whole id of the tree's own.
pub const OTHER: &str = "other";

/// A tree of services. Immutable; [`Catalogue::extended`] makes a larger one.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Depth first, a parent before its children, `other` last among siblings.
    nodes: Vec<Service>,
    by_id: FxHashMap<Arc<str>, u32>,
    /// Leaf number to index in `nodes`.
    leaf_nodes: Vec<u32>,
    words: OnceLock<search::Index>,
}

/// One node of the catalogue.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Service {
    /// Dotted id, unique in its catalogue.
    #[serde(serialize_with = "id_as_text")]
    pub id: Arc<str>,
    /// Short name for people.
    pub name: String,
    /// What the duty is, in plain words.
    pub description: String,
    /// Who typically owns it.
    pub owner: Owners,
    /// True when a fully managed fee usually leaves it out (billed as a project or passed through).
    pub outside_fee: bool,
    /// ITIL 4 practice, if one fits.
    pub itil: Option<String>,
    /// NIST CSF 2.0 subcategories it serves.
    pub csf: Vec<String>,
    /// Other names people use for it.
    pub also: Vec<String>,
    /// Where the node comes from.
    pub origin: Origin,
    /// 0 for a top-level branch.
    pub depth: u8,
    /// Index of the parent in depth-first order.
    #[serde(skip)]
    parent: Option<u32>,
    /// Own index and one past the last node below.
    #[serde(skip)]
    span: (u32, u32),
    #[serde(skip)]
    leaves: (u32, u32),
}

fn id_as_text<S: Serializer>(id: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id)
}

/// Where a node of a catalogue comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The built-in catalogue.
    BuiltIn,
    /// A client's own addition.
    Client,
    /// The implicit `other` leaf of a branch or of the whole tree.
    Implicit,
}

impl Service {
    /// The leaves that the node covers; one for a leaf.
    pub fn leaves(&self) -> Range<u32> {
        self.leaves.0..self.leaves.1
    }

    /// True when nothing lies below the node.
    pub fn is_leaf(&self) -> bool {
        self.span.1 == self.span.0 + 1
    }

    /// True for an implicit `other` leaf.
    pub fn is_other(&self) -> bool {
        self.origin == Origin::Implicit
    }
}

/// The form of `catalogue.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    service: Vec<NewNode>,
}

impl Catalogue {
    /// The catalogue that ships with Remit, read once.
    pub fn builtin() -> &'static Catalogue {
        static BUILTIN: OnceLock<Catalogue> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let file: CatalogueFile =
                toml::from_str(include_str!("catalogue.toml")).expect("the built-in catalogue is valid TOML");
            let entries: Vec<_> = file.service.into_iter().map(|node| (node, Origin::BuiltIn)).collect();
            assemble::assemble(&entries).expect("the built-in catalogue is a valid tree")
        })
    }

    /// This catalogue with a client's own services added, each after its present siblings.
    ///
    /// A former leaf that gains children keeps its id and its meaning: the id now covers the subtree. The order of
    /// `additions` decides the order of siblings only; a parent may come after its child.
    pub fn extended(&self, additions: Vec<NewNode>) -> Result<Catalogue, ExtendError> {
        assemble::extend(self, additions)
    }

    /// All nodes depth first, implicit `other` leaves included.
    pub fn nodes(&self) -> &[Service] {
        &self.nodes
    }

    /// The nodes that somebody wrote down, depth first: all but the implicit `other` leaves.
    pub fn listed(&self) -> impl Iterator<Item = &Service> {
        self.nodes.iter().filter(|node| !node.is_other())
    }

    /// The top-level branches, the tree's own `other` last.
    pub fn roots(&self) -> impl Iterator<Item = &Service> {
        self.siblings(0, self.nodes.len() as u32)
    }

    /// The node with exactly this id.
    pub fn get(&self, id: &str) -> Option<&Service> {
        self.by_id.get(id).map(|&index| &self.nodes[index as usize])
    }

    /// The direct children of a node, its `other` last; none for a leaf or an unknown id.
    pub fn children(&self, id: &str) -> impl Iterator<Item = &Service> {
        let (start, end) = self.get(id).map_or((0, 0), |node| (node.span.0 + 1, node.span.1));
        self.siblings(start, end)
    }

    /// The parent of a node; none for a top-level branch or an unknown id.
    pub fn parent(&self, id: &str) -> Option<&Service> {
        self.get(id)?.parent.map(|index| &self.nodes[index as usize])
    }

    /// The leaves that an id covers, numbered depth first from 0.
    pub fn leaves(&self, id: &str) -> Option<Range<u32>> {
        self.get(id).map(Service::leaves)
    }

    /// How many leaves the tree has.
    pub fn leaf_count(&self) -> u32 {
        self.leaf_nodes.len() as u32
    }

    /// The node of a leaf number below [`Catalogue::leaf_count`].
    pub fn leaf(&self, leaf: u32) -> Option<&Service> {
        self.leaf_nodes.get(leaf as usize).map(|&index| &self.nodes[index as usize])
    }

    /// The widest nodes that together cover exactly this range of leaves, in order: how a set of leaves is named.
    pub fn covering(&self, leaves: Range<u32>) -> Vec<&Service> {
        let mut found = Vec::new();
        let mut index = 0;
        while let Some(node) = self.nodes.get(index) {
            let (start, end) = node.leaves;
            let inside = leaves.start <= start && end <= leaves.end;
            let apart = end <= leaves.start || leaves.end <= start;
            if inside {
                found.push(node);
            }
            index = if inside || apart { node.span.1 as usize } else { index + 1 };
        }
        found
    }

    fn siblings(&self, start: u32, end: u32) -> impl Iterator<Item = &Service> {
        let first = (start < end).then_some(start);
        std::iter::successors(first, move |&index| {
            let next = self.nodes[index as usize].span.1;
            (next < end).then_some(next)
        })
        .map(|index| &self.nodes[index as usize])
    }
}
